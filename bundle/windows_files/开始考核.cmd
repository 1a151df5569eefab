@echo off
rem Drop the folder of an assessment on this file, or double-click it to make a new one.
rem Explorer quotes a dropped path only where it has a space, so "A&B" is cut in two on its way:
rem start.py reads the path from the command line as it was, and "exit" lets nothing of it run.
setlocal EnableExtensions DisableDelayedExpansion
set "HERE=%~dp0"
set ARGUMENTS=%*
setlocal EnableDelayedExpansion
set "EPA_SCORE_COMMAND_LINE=!CMDCMDLINE!"
set "PYTHON=!HERE!program\python\python.exe"
if not exist "!PYTHON!" goto unpack
"!PYTHON!" -I -X utf8 "!HERE!program\start.py" !ARGUMENTS!
set "CODE=!ERRORLEVEL!"
if not "!CODE!"=="0" pause
goto end
:unpack
echo Unpack the whole zip file first, then start again.
powershell -NoProfile -Command "Write-Host (-join [char[]](35831,20808,25226,21387,32553,21253,20840,37096,35299,21387,20986,26469,65292,20877,21452,20987,35299,21387,21518,30340,8220,24320,22987,32771,26680,8221,12290))"
pause
set "CODE=1"
:end
if "!EPA_SCORE_COMMAND_LINE:/c=!"=="!EPA_SCORE_COMMAND_LINE!" exit /b !CODE!
exit !CODE!

@"%~dp0python\python.exe" -I -X utf8 -m epa_score %*

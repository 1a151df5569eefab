#!/bin/sh
# Drop the folder of an assessment on this file, or start it without one to make a new one.
here=$(dirname "$(readlink -f "$0")")
"$here/program/epa-score" --start "$@"
code=$?
if [ "$code" != 0 ]; then
  printf '\n按回车键关闭窗口：'
  read -r _
fi
exit "$code"

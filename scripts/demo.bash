# shellcheck shell=bash disable=SC2034  # the demos that load this use what it sets
# How the demos show what they do: titles, commands, and what these say.

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold='' dim='' plain=''; fi

# step TITLE: what the next commands do.
number=0
step() {
  number=$((number + 1))
  printf '\n%s%d. %s%s\n' "$bold" "$number" "$1" "$plain"
}
# run COMMAND [FILTER…]: shows a command line, runs it, and shows what it says, through a filter.
run() {
  local command=$1
  shift
  printf '   $ %s\n' "${command//$'\n'/$'\n     '}"
  eval "$command" 2>&1 | "${@:-cat}" | sed "s/^./     $dim&/; s/\$/$plain/"
}
# Filters: tables with aligned columns, other lines as they are.
align() {
  awk '/\t/ { print | "column -t -s \"\t\""; next } { print; fflush() }'
}
align_csv() {
  column -t -s ,
}

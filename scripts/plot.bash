# shellcheck shell=bash disable=SC2034  # the scripts that load this use what it sets
# What the scripts that draw trafcmp's curves share. Each loads this file and calls:
#   plot_begin "$@"            options; sets output, terminal, files, labels, and work (a directory)
#   plot_curves WHAT…          parts the curves of these kinds (len.cdf, …) into
#                              $work/WHAT.DIRECTION.real and $work/WHAT.DIRECTION.N for file N, as
#                              lines of x and y; ends the script where a file is no such table
#   plot_picture < commands    runs gnuplot in $work, then puts the picture where -o says

program=$(basename "$0")
export LC_ALL=C.UTF-8 # gnuplot warns where a locale has no degree sign
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The lines of comment at the head of a script are its help.
plot_help() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

plot_wrong() {
  echo "$program: $1" >&2
  exit 2
}

plot_fail() {
  echo "$program: $1" >&2
  exit 1
}

# Real is dark grey; what stands beside it has colours that the colour-blind can tell apart.
real_colour='#404040'
colours=('#0072b2' '#d55e00' '#009e73' '#cc79a7')

plot_begin() {
  local option i names=''
  output=''
  for option; do # also where -h is not the first
    case $option in -h | --help) plot_help; exit 0 ;; esac
  done
  while getopts :o:l: option; do
    case $option in
      o) output=$OPTARG ;;
      l) names=$OPTARG ;;
      :) plot_wrong "-$OPTARG needs a value" ;;
      *) plot_wrong "unknown option '-$OPTARG' (-h says which there are)" ;;
    esac
  done
  shift $((OPTIND - 1))
  files=("$@")
  [ $# -gt 0 ] || files=(/dev/stdin)
  [ ${#files[@]} -le ${#colours[@]} ] || plot_wrong "more than ${#colours[@]} files in one picture"
  case $output in
    *.png) terminal='pngcairo' ;;
    *.svg | '') terminal='svg' ;;
    *) plot_wrong "'$output' ends neither in .svg nor in .png" ;;
  esac
  for i in "${files[@]}"; do
    [ -r "$i" ] || plot_fail "cannot read '$i'"
  done
  plot_labels "$names"
  command -v gnuplot >/dev/null || plot_fail 'gnuplot is not installed'
}

# What each file is called: what -l says, else its name.
plot_labels() {
  local i name
  labels=()
  if [ -n "$1" ]; then
    IFS=, read -ra labels <<<"$1"
    [ ${#labels[@]} -eq ${#files[@]} ] || plot_wrong "-l has ${#labels[@]} names for ${#files[@]} files"
  elif [ ${#files[@]} -eq 1 ]; then
    labels=(generated)
  else
    for i in "${!files[@]}"; do
      name=$(basename "${files[i]}")
      labels[i]=${name%.*}
    done
  fi
  for i in "${!labels[@]}"; do # a quote or a control character would end the string of gnuplot
    labels[i]=$(tr '[:cntrl:]' '?' <<<"${labels[i]}" | sed "s/?\$//; s/'/''/g")
  done
}

plot_curves() {
  local i
  for i in "${!files[@]}"; do
    name=${files[i]} awk -F '[\t,]' -v file="$i" -v into="$work" -v kinds=" $* " -v program="$program" '
      function fail(text) {
        print program ": " text >"/dev/stderr"
        failed = 1
        exit 1
      }
      BEGIN {
        number = "^-?[0-9]+(\\.[0-9]+)?(e[-+]?[0-9]+)?$"
        name = ENVIRON["name"] # as it is, where -v would take a backslash for something else
      }
      { sub(/\r$/, "") }
      NR == 1 {
        if ($1 != "what" || $2 != "direction" || $3 != "which" || $4 != "x" || $5 != "y")
          fail("\047" name "\047 is not what trafcmp --curves writes")
        next
      }
      index(kinds, " " $1 " ") {
        if (NF != 5 || $2 !~ /^(forward|backward)$/ || $3 !~ /^(real|synth)$/ || $4 !~ number || $5 !~ number)
          fail("\047" name "\047, line " NR ": not a point of a curve")
        any = 1
        if ($3 == "synth") print $4, $5 >(into "/" $1 "." $2 "." file)
        else if (file == 0) print $4, $5 >(into "/" $1 "." $2 ".real")
      }
      END {
        if (!failed && !any)
          fail("\047" name "\047 has none of these curves:" substr(kinds, 1, length(kinds) - 1))
      }
    ' <"${files[i]}" || exit 1 # as an operand, a=b would set a variable
  done
}

# The directions that have anything to draw of a kind.
plot_directions() {
  local direction
  for direction in forward backward; do
    if compgen -G "$work/$1.$direction.*" >/dev/null; then echo "$direction"; fi
  done
}

# What all pictures look like. The first line of input sets the size.
plot_picture() {
  local size
  read -r size
  {
    echo "set terminal $terminal size $size enhanced font 'Helvetica,11' background 'white'"
    cat <<'END'
set encoding utf8
set tics nomirror scale 0.5 font ',9.5' tc rgb '#404040'
set border 3 lc rgb '#909090'
set grid back lt 1 lc rgb '#e0e0e0' lw 0.8
set key noenhanced
END
    cat
  } >"$work/plot"
  (cd "$work" && gnuplot plot >picture) || plot_fail 'gnuplot cannot draw that'
  if [ -n "$output" ]; then
    mv "$work/picture" "$output"
  else
    cat "$work/picture"
  fi
}

# plot_series KIND DIRECTION USING STYLE: the plot command for the real curve and that of each file,
# where they exist.
plot_series() {
  local what=$1 direction=$2 using=$3 i parts=()
  if [ -e "$work/$what.$direction.real" ]; then
    parts+=("'$what.$direction.real' using $using with $4 lw 2.4 lc rgb '$real_colour' title 'real'")
  fi
  for i in "${!files[@]}"; do
    if [ -e "$work/$what.$direction.$i" ]; then
      parts+=("'$what.$direction.$i' using $using with $4 lw 1.5 lc rgb '${colours[i]}' title '${labels[i]}'")
    fi
  done
  local IFS=,
  echo "${parts[*]}"
}

# The table reader, as featsplit shows it: rows as they stood, and the fields of one column.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

split() { featsplit --by=row --train=train --test=test "$@"; }

# values COLUMN FILE: its distinct values, unquoted, each with its rows.
values() {
  split -c "$1" "$2" 2>&1 >/dev/null |
    sed -n "s/^featsplit: class '\(.*\)': train \([0-9]*\) rows*, test \([0-9]*\) rows* (.*/\1=\2+\3/p"
}

# rows FILE…: all rows, sorted.
rows() { tail -qn +2 "$@" | LC_ALL=C sort; }

# refused TEXT FILE: exit 1 with that message.
refused() {
  run --separate-stderr -1 split --no-stratify "$2"
  [ "$stderr" = "featsplit: $1" ]
  [ ! -e train ]
  [ ! -e test ]
}

@test "rows pass byte for byte, quotes and blanks and all" {
  cat >t.csv <<'END'
a,"b ""c""",class
1, 2 ,"x"
"1",,x
,"2,""3""",x
"","
",x
END
  split t.csv 2>/dev/null
  head -n 1 train | diff <(head -n 1 t.csv) -
  # The last row has two lines.
  diff <(rows t.csv) <(rows train test)
}

@test "quoted fields: commas, doubled quotes, line ends" {
  printf '"f,1","k""q"\n1,"a,b"\n2,"say ""hi"""\n3,"two\nlines"\n4,"two\nlines"\n5,a""b\n' >t.csv
  refused "t.csv:8: a quote stands where none may (in a quoted field, write it twice)" t.csv
  sed -i '$d' t.csv
  run -0 values 'k"q' t.csv
  [ "$output" = 'a,b=1+0
say "hi"=1+0
two?lines=1+1' ]
}

@test "quoted and plain are the same value" {
  printf 'v,class\n1,x\n2,"x"\n' >t.csv
  run -0 values class t.csv
  [ "$output" = "x=1+1" ]
}

@test "line ends: CRLF, a last line without one, CRLF in quotes" {
  printf 'v,class\r\n1,x\r\n2,y\r\n3,x\r\n4,y' >t.csv
  run -0 values class t.csv
  [ "$output" = "x=1+1
y=1+1" ]
  diff <(printf '1,x\n2,y\n3,x\n4,y\n') <(rows train test)
  printf 'v,class\r\n1,"x\r\ny"\r\n2,"x\r\ny"\r\n' >t.csv
  run -0 values class t.csv
  [ "$output" = "x??y=1+1" ]
  [ "$(cat train test | tr -cd '\r' | wc -c)" = 2 ]
}

@test "a carriage return alone ends no row" {
  printf 'v,class\n1,"a"\n2\r3,"b"\n' >t.csv
  refused "t.csv:3: a carriage return stands where none may (put the field in quotes)" t.csv
  printf 'v,class\r1,x\r2,x\r' >t.csv
  refused "t.csv:1: the name of column 2 has a control character" t.csv
}

@test "a byte order mark is no part of the first name" {
  printf '\xef\xbb\xbfclass,v\nx,1\nx,2\n' >t.csv
  run -0 values class t.csv
  [ "$output" = "x=1+1" ]
  [ "$(head -c 5 train)" = class ]
  printf '\xef\xbb\xbf"class",v\nx,1\nx,2\n' >t.csv
  run -0 values class t.csv
  [ "$output" = "x=1+1" ]
}

@test "a tab in the header makes it TSV, and only there" {
  printf 'class\ta,b\nx,y\t1\nx,y\t2\n' >t.tsv
  run -0 values class t.tsv
  [ "$output" = "x,y=1+1" ]
  printf 'class,b\nx\ty,1\nx\ty,2\n' >t.csv
  run -0 values class t.csv
  [ "$output" = "x?y=1+1" ]
  printf 'class\tb\n"x\ty"\t1\n"x\ty"\t2\n' >t.tsv
  run -0 values class t.tsv
  [ "$output" = "x?y=1+1" ]
}

@test "too few and too many fields, by line" {
  printf 'a,b,class\n1,2,x\n1,x\n' >t.csv
  refused "t.csv:3: the row has 2 fields, the header has 3" t.csv
  printf 'a,b,class\n1,"2\n3",x\n1,2,x,\n' >t.csv
  refused "t.csv:4: the row has 4 fields, the header has 3" t.csv
  printf 'a,b,class\n1,2,x\n\n' >t.csv
  refused "t.csv:3: the line is empty, and the header has 3 fields" t.csv
  { echo a,b; head -c 100000 /dev/zero | tr '\0' ,; } >t.csv
  refused "t.csv:2: the row has 100001 fields, the header has 2" t.csv
  { printf 'a,b\n""'; head -c 100000 /dev/zero | tr '\0' ,; } >t.csv
  refused "t.csv:2: the row has 100001 fields, the header has 2" t.csv
}

@test "headers that are none" {
  : >t.csv
  refused "t.csv: is empty (a table begins with a header line)" t.csv
  printf '\nx\n' >t.csv
  refused "t.csv: is empty (a table begins with a header line)" t.csv
  printf '\xef\xbb\xbf' >t.csv
  refused "t.csv: is empty (a table begins with a header line)" t.csv
  printf 'a,b,a\n1,2,3\n' >t.csv
  refused "t.csv:1: column 'a' stands twice in the header" t.csv
  printf 'a,,b\n1,2,3\n' >t.csv
  refused "t.csv:1: column 2 has no name" t.csv
  printf '"a\nb",c\n1,2\n' >t.csv
  refused "t.csv:1: the name of column 1 has a control character" t.csv
  printf 'a,\0b\n1,2\n' >t.csv
  refused "t.csv:1: is not text (a table is CSV or TSV)" t.csv
  printf 'len;iat;class\n1;2;x\n' >t.csv
  refused "t.csv:1: ';' between columns (a table is CSV, with ',', or TSV)" t.csv
  seq -s , 16385 >t.csv
  refused "t.csv:1: more than 16384 columns" t.csv
  printf 'a,"b\n1,2\n' >t.csv
  refused "t.csv:1: a quoted field that begins here has no end" t.csv
}

@test "16384 columns are read, all of them" {
  { seq -s , 16384; for i in 1 2 3; do echo "$i,$(seq -s , 16382),last"; done; } >t.csv
  run -0 values 16384 t.csv
  [ "$output" = "last=2+1" ]
  diff <(rows t.csv) <(rows train test)
}

@test "stray and open quotes" {
  printf 'a,b\n1,2\n5" disk,1\n6" disk,2\n' >t.csv
  refused "t.csv:3: a quote stands where none may (in a quoted field, write it twice)" t.csv
  printf 'a,b\n1,2\n1,"2\n3,4\n5,6\n' >t.csv
  refused "t.csv:3: a quoted field that begins here has no end" t.csv
  printf 'a,b\n"1"2,3\n' >t.csv
  refused "t.csv:2: a quote stands where none may (in a quoted field, write it twice)" t.csv
}

@test "NUL bytes in a row are data" {
  printf 'v,class\n\0,x\n\0\0,x\n"\0",x\n' >t.csv
  split t.csv 2>/dev/null
  cmp <(printf 'v,class\n\0,x\n\0\0,x\n"\0",x\n' | LC_ALL=C sort) <({ cat train; tail -n +2 test; } | LC_ALL=C sort)
}

@test "very long rows: 20 MB in one field, plain and quoted, from a file and a pipe" {
  long() { head -c 20000000 /dev/zero | tr '\0' "$1"; }
  { printf 'v,class\n'; long a; printf ',x\n1,x\n"'; long b; printf '\n",x\n2,x\n'; } >t.csv
  split -q --ratio=0.5 t.csv
  [ "$(cat train test | wc -c)" = $(($(wc -c <t.csv) + 8)) ]
  cp train want
  # shellcheck disable=SC2002  # a pipe is the point
  cat t.csv | split -q --ratio=0.5
  cmp train want
  { printf 'v,class\n'; head -c 70000000 /dev/zero | tr '\0' a; } >t.csv
  rm train test
  refused "t.csv:2: a row of more than 67108864 bytes" t.csv
}

@test "rows of every length up to 200 bytes, wherever a block of 16 bytes ends" {
  awk 'BEGIN { srand(2); print "a,b,class"
    for (i = 0; i < 200; i++) { s = ""; for (k = 0; k < i; k++) s = s int(10 * rand()); print s ",," "c" i % 7 } }' >t.csv
  want=$(for i in 0 1 2 3 4 5 6; do echo "c$i=$(grep -c ",c$i$" t.csv)"; done)
  [ "$(values class t.csv | awk -F'[=+]' '{ print $1 "=" $2 + $3 }')" = "$want" ]
  diff <(rows t.csv) <(rows train test)
  # The same in CRLF and in quotes.
  sed 's/,\(c[0-9]\)$/,"\1"/; s/$/\r/' t.csv >u.csv
  [ "$(values class u.csv | awk -F'[=+]' '{ print $1 "=" $2 + $3 }')" = "$want" ]
}

@test "the same rows from a pipe in pieces of any size" {
  printf 'a,b,note,class\n1,"2",,c\r\n22,"3","x\ny",d\n333,4,",",d\n4,5,"\n",d' >t.csv
  dt-train --drop=note -o want t.csv
  for size in 1 2 3 5 7; do
    dd if=t.csv bs=$size status=none | dt-train --drop=note -o got
    cmp got want
  done
}

@test "a directory, a missing file, one that may not be read" {
  mkdir d.csv
  refused "reading d.csv: Is a directory" d.csv
  refused "none.csv: No such file or directory" none.csv
  need setpriv
  need_root
  printf 'a,class\n1,x\n2,x\n' >t.csv
  chmod 600 t.csv
  chmod 777 .
  run --separate-stderr -1 setpriv --reuid=65534 --clear-groups "$(command -v featsplit)" \
    --by=row --train=train --test=test t.csv
  [[ "$stderr" == *"featsplit: t.csv: Permission denied" ]]
}

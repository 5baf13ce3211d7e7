# Packet series (common/series.h), by a test program of their own: what is read, in which order, and
# what is refused; the plane of the models and the way back.
load helper

setup_file() {
  command -v gcc >/dev/null || return 0
  local common=$BATS_TEST_DIRNAME/../common
  gcc -std=c17 -D_GNU_SOURCE -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all "-I$common" \
    -o "$BATS_FILE_TMPDIR/series" "$BATS_TEST_DIRNAME/unit/series.c" \
    "$common"/{series,group,intern,table,file,num,suggest,mem,err}.c -lcsv -lm
}

setup() {
  need gcc
  cd "$BATS_TEST_TMPDIR" || return
  series=$BATS_FILE_TMPDIR/series
}

# refuses TEXT ROW…: a table of these rows is refused with this text.
refuses() {
  printf '%s\n' "${@:2}" >bad.csv
  run -1 "$series" bad.csv
  [ "$output" = "bad.csv$1" ] || { echo "$output"; return 1; }
}

@test "flows that alternate, rows without a time, the resolution, directions" {
  printf '%s\n' dir_iat,x,flow,len,dir 5000,,b,60,1 ,,a,61,0 7000,,b,62,0 9000,,a,63,1 ,,c,64,1 6000,,b,65,1 \
    281474976710000,,a,65535,0 >t.csv
  run -0 "$series" t.csv
  [ "$output" = "5 packets, 2 flows, 2 without a time, resolution 1000, of dir_iat
forward: 3 packets, 2 flows, 0 without a time, resolution 1000, of dir_iat
flow 0 forward 60 5000
flow 0 forward 65 6000
flow 1 forward 63 9000
backward: 2 packets, 2 flows, 0 without a time, resolution 1000, of dir_iat
flow 0 backward 62 7000
flow 1 backward 65535 281474976710000
both:
flow 0 forward 60 5000
flow 0 backward 62 7000
flow 0 forward 65 6000
flow 1 forward 63 9000
flow 1 backward 65535 281474976710000" ]
}

@test "a direction that a flow lacks: that flow is left out of it" {
  printf '%s\n' flow,dir,len,dir_iat a,1,1,0 b,0,2,0 c,1,3,0 >t.csv
  run -0 "$series" t.csv
  [ "$output" = "3 packets, 3 flows, 0 without a time, resolution 1, of dir_iat
forward: 2 packets, 2 flows, 0 without a time, resolution 1, of dir_iat
flow 0 forward 1 0
flow 1 forward 3 0
backward: 1 packets, 1 flows, 0 without a time, resolution 1, of dir_iat
flow 0 backward 2 0
both:
flow 0 forward 1 0
flow 1 backward 2 0
flow 2 forward 3 0" ]
}

@test "another column of times, TSV, no flows, the order of columns" {
  printf 'iat\tlen\tdir\n4\t1\t1\n6\t2\t0\n' >t.tsv
  run -0 "$series" t.tsv iat
  [ "${lines[0]}" = "2 packets, 1 flows, 0 without a time, resolution 2, of iat" ]
  run -1 "$series" t.tsv
  [ "$output" = "t.tsv:1: there is no column 'dir_iat'" ]
}

@test "what pcap2feat writes of a device or a flow is a series" {
  pcap2feat -q --fields=flow,dir,len,dir_iat,iat "$testdata"/lab/voice.[12].pcap >t.csv
  run -0 "$series" -c t.csv
  [[ "$output" == "$(($(wc -l <t.csv) - 1)) packets, $(tail -n +2 t.csv | cut -d, -f1 | sort -u | wc -l) flows, "* ]]
  # Shuffled by flow, it is the same series: flows come by first appearance.
  { head -n 1 t.csv; tail -n +2 t.csv | sort -s -t, -k1,1; } >sorted.csv
  run -0 bash -c "diff <('$series' t.csv | sed 's/^flow [0-9]*//' | sort) <('$series' sorted.csv | sed 's/^flow [0-9]*//' | sort)"
}

@test "bad tables: columns, ranges, texts, nothing" {
  refuses ":1: there is no column 'dir' (did you mean 'dirr'?); pcap2feat --fields=flow,dir,len,dir_iat,iat writes one" dirr,len,dir_iat 1,60,0
  refuses ":1: there is no column 'dir'; pcap2feat --fields=flow,dir,len,dir_iat,iat writes one" flow,iat,len,diffLen 1,0,60,0
  refuses ":1: there is no column 'len' (did you mean 'Len'?)" dir,Len,dir_iat 1,60,0
  refuses ":1: there is no column 'dir_iat' (did you mean 'diriat'?)" dir,len,diriat 1,60,0
  refuses ":3: column 'dir': '2' is not in 0..1" dir,len,dir_iat 1,60,0 2,60,0
  refuses ":2: column 'dir': 'f' is not an integer" dir,len,dir_iat f,60,0
  refuses ":2: column 'dir': '' is empty" dir,len,dir_iat ,60,0
  refuses ":2: column 'len': '65536' is not in 0..65535" dir,len,dir_iat 1,65536,0
  refuses ":2: column 'len': '70000' is not in 0..65535" dir,len,dir_iat 1,70000,0
  refuses ":2: column 'len': '60.5' is not an integer" dir,len,dir_iat 1,60.5,0
  refuses ":2: column 'dir_iat': '-5' is not an integer" dir,len,dir_iat 1,60,-5
  refuses ":2: column 'dir_iat': 'nan' is not an integer" dir,len,dir_iat 1,60,nan
  refuses ":2: column 'dir_iat': '281474976710656' is not in 0..281474976710655" dir,len,dir_iat 1,60,281474976710656
  refuses ":3: the row has 2 fields, the header has 3" dir,len,dir_iat 1,60,0 1,60
  refuses ": there is no packet with a 'dir_iat'" dir,len,dir_iat 1,60, 0,60,
  refuses ": there is no packet with a 'dir_iat'" dir,len,dir_iat
  : >bad.csv
  run -1 "$series" bad.csv
  [ "$output" = "bad.csv: is empty (a table begins with a header line)" ]
}

@test "packets to the plane and back, and whatever is no packet" {
  "$series"
}

# verdicts: reports in a capture to rows. tests/dt2xdp.bats has the ring.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
  printf 'iat,len,class\n5,100,voice\n9,100,voice\n5,1400,"web ""x"""\n' | dt-train -q -o app.tree
  model=$(dt2xdp app.tree | sed -n 's/^#define MODEL \(0x[0-9a-f]*\)u .*/\1/p')
}

# make_reports FILE: report frames of app.tree, from the list on standard input.
make_reports() {
  need_python
  /usr/bin/python3 "$root/tests/python/make_reports.py" "$1" "$model"
}

@test "a row is time, number, key, features, verdict" {
  make_reports r.pcap <<'END'
class=1 ts=1700000000123456789 features=5,100
class=2 ts=18446744073709551615 ip=6 proto=6 vlan=7 sport=65535 src=2001:db8::1 dst=::1 features=281474976710655,1400
class=1 vlan=0 proto=1 sport=0 dport=0 features=0,0
END
  run -0 --separate-stderr verdicts --model=app.tree r.pcap
  [ -z "$stderr" ]
  diff - <(echo "$output") <<'END'
ts,seq,src_ip,dst_ip,src_port,dst_port,proto,vlan,iat,len,predicted
1700000000.123456789,0,10.0.0.1,10.0.0.2,1000,2000,17,,5,100,voice
18446744073.709551615,1,2001:db8::1,::1,65535,2000,6,7,281474976710655,1400,"web ""x"""
3.000000000,2,10.0.0.1,10.0.0.2,0,0,1,0,0,0,voice
END
  verdicts -q --model=app.tree --tsv <r.pcap | sed -n 2p >row
  printf '1700000000.123456789\t0\t10.0.0.1\t10.0.0.2\t1000\t2000\t17\t\t5\t100\tvoice\n' | diff - row
}

@test "dt-eval judges the rows: agreement with the model" {
  make_reports r.pcap <<'END'
class=1 features=5,100
class=2 features=5,1400
class=2 features=5,100
END
  verdicts -q --model=app.tree r.pcap | dt-eval -q --predict=again app.tree >rows
  [ "$(awk -F, 'NR > 1 { print ($11 == $12) }' rows | paste -sd ' ')" = "1 1 0" ]
}

@test "lost reports are counted by their numbers, whatever the order and across the end of 32 bits" {
  make_reports r.pcap <<'END'
class=1 seq=4294967294 features=5,100
class=1 seq=1 features=5,100
class=1 seq=0 features=5,100
class=1 seq=4 features=5,100
END
  run -0 --separate-stderr verdicts --model=app.tree -o rows r.pcap
  [ "$stderr" = "verdicts: 3 reports lost: sequence numbers that never came" ]
  run -0 --separate-stderr verdicts -q --model=app.tree -o rows r.pcap
  [ -z "$stderr" ]
  # The numbers of shims have gaps where a packet had no report.
  make_reports r.pcap <<'END'
class=1 seq=1 flags=8 features=5,100
class=1 seq=9 flags=8 features=5,100
END
  run -0 --separate-stderr verdicts --model=app.tree -o rows r.pcap
  [ -z "$stderr" ]
}

@test "reports of another model, and those that can't be the model's, are counted and have no row" {
  make_reports r.pcap <<'END'
class=1 features=5,100
class=1 model=1 features=5,100
class=1 features=5
class=1 features=5,100,7
class=3 features=5,100
class=65535 features=5,100
class=2 features=6,100
END
  run -0 --separate-stderr verdicts --model=app.tree -o rows r.pcap
  [ "$stderr" = "verdicts: 3 reports of a classifier made from another model than --model
verdicts: 2 reports of a class that the model does not have" ]
  [ "$(tail -n +2 rows | cut -d, -f2 | paste -sd ' ')" = "0 6" ]
}

@test "frames that are no reports, and reports that can't be read, are counted" {
  make_reports r.pcap <<'END'
class=1 type=0x0800 features=5,100
class=1 type=0x88b5 features=5,100
class=1 cut=13 features=5,100
class=1 cut=0 features=5,100
class=1 cut=14 features=5,100
class=1 cut=77 features=5,100
class=1 cut=93 features=5,100
class=1 n=3 features=5,100
class=1 n=255 features=5,100
class=1 version=0 features=5,100
class=1 version=2 features=5,100
class=1 seq=0 features=5,100
END
  run -0 --separate-stderr verdicts --model=app.tree -o rows r.pcap
  [ "$stderr" = "verdicts: 7 reports that can't be read
verdicts: 4 frames without a report" ]
  [ "$(wc -l <rows)" -eq 2 ]
}

@test "bytes after the features are an Ethernet frame's padding" {
  make_reports r.pcap <<'END'
class=1 n=2 features=5,100,0
END
  [ "$(verdicts --model=app.tree r.pcap | wc -l)" -eq 2 ]
}

@test "packets without a verdict are counted by cause; with --all they have rows that say it" {
  make_reports r.pcap <<'END'
class=0 flags=1 features=0,100
class=0 flags=2 features=0,100
class=0 features=7,100
class=1 flags=4 features=5,100
END
  run -0 --separate-stderr verdicts --model=app.tree -o rows r.pcap
  [ "$stderr" = "verdicts: 1 packet without a verdict: a feature wants a previous packet, or a whole header
verdicts: 1 packet without a verdict: the flow's slot is another flow's
verdicts: 1 packet without a verdict: no entry matched" ]
  [ "$(wc -l <rows)" -eq 2 ]
  verdicts -q --all --model=app.tree r.pcap | cut -d, -f2,9- | diff - <(cat <<'END'
seq,iat,len,predicted,no_verdict
0,,,,first
1,,,,collision
2,7,100,,miss
3,5,100,voice,
END
  )
}

@test "a label table adds the true class, both ways; what it leaves open is counted" {
  make_reports r.pcap <<'END'
class=1 features=5,100
class=2 src=10.0.0.2 dst=10.0.0.1 sport=2000 dport=1000 features=5,100
class=1 sport=7 features=5,100
class=1 sport=8 features=5,100
END
  printf '%s\n' src_ip,dst_ip,src_port,dst_port,class 10.0.0.1,10.0.0.2,1000,2000,voice \
    10.0.0.1,10.0.0.2,8,2000,a 10.0.0.1,10.0.0.2,8,2000,b >labels.csv
  run -0 --separate-stderr verdicts --model=app.tree --label-table=labels.csv -o rows r.pcap
  [ "$stderr" = "verdicts: 1 packet without a class: no row of the label table has the flow
verdicts: 1 packet without a class: the label table has several" ]
  cut -d, -f2,11- rows | diff - <(printf '%s\n' seq,predicted,class 0,voice,voice '1,"web ""x""",voice')
  verdicts -q --all --model=app.tree --label-table=labels.csv -o rows r.pcap
  cut -d, -f2,11- rows | diff - <(printf '%s\n' seq,predicted,no_verdict,class 0,voice,,voice \
    '1,"web ""x""",,voice' 2,voice,, 3,voice,,)
  # A model that was trained on another's verdicts, or to tell a column of the key.
  local label
  for label in predicted seq no_verdict len; do
    sed "s/^label class/label $label/" app.tree >pupil.tree
    verdicts -q --model=pupil.tree --label-table=labels.csv r.pcap | cmp - <(verdicts -q --model=app.tree --label-table=labels.csv r.pcap)
  done
}

@test "a key's column that is a feature stands once" {
  printf 'proto,vlan_x,class\n6,1,a\n17,2,b\n' | dt-train -q --features=proto -o app.tree
  model=$(dt2xdp app.tree | sed -n 's/^#define MODEL \(0x[0-9a-f]*\)u .*/\1/p')
  make_reports r.pcap <<'END'
class=2 features=17
END
  verdicts --model=app.tree r.pcap | diff - <(printf '%s\n' ts,seq,src_ip,dst_ip,src_port,dst_port,vlan,proto,predicted \
    1.000000000,0,10.0.0.1,10.0.0.2,1000,2000,,17,b)
}

# fingerprint: the number of a model of one tree on standard input, where no program can be made of it.
fingerprint() {
  /usr/bin/python3 -c '
import ctypes, struct, sys
xxh3 = ctypes.CDLL("libxxhash.so.0").XXH3_64bits_withSeed
xxh3.restype, xxh3.argtypes = ctypes.c_uint64, [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint64]
h, features = 1, []
def add(data):
    global h
    h = xxh3(data, len(data), h)
def number(n):
    add(struct.pack(">Q", n))
for word, *rest in (line.split() for line in sys.stdin):
    if word == "feature":
        features.append(rest[1])
        add(rest[1].encode() + b"\0")
    elif word == "class":
        add(rest[2].encode() + b"\0")
        add(struct.pack("=d", float(rest[1])))
    elif word == "tree":
        number(int(rest[0]))
    elif word == "split":
        number(features.index(rest[1]))
        number(int(rest[0]))
    elif word == "leaf":
        number(2 ** 32 - 1)
        for pair in rest:
            c, n = pair.split(":")
            number(int(c) - 1)
            number(int(n))
print("0x%08x" % ((h ^ h >> 32) & 0xffffffff))'
}

@test "a row is as wide as the header, whichever of the key's columns are features" {
  need_python
  [ "$(dt-train -q <<<$'len,class\n1,a\n9,b' | tee len.tree | fingerprint)" = "$(dt2xdp len.tree | sed -n 's/^#define MODEL \(0x[0-9a-f]*\)u .*/\1/p')" ]
  printf 'vlan,dst_port,ts,class\n6,1,3,a\n17,2,4,b\n' | dt-train -q --features=dst_port,vlan -o app.tree
  model=$(fingerprint <app.tree)
  make_reports r.pcap <<'END'
class=2 vlan=7 features=2000,7
class=1 features=80,0
END
  verdicts --model=app.tree r.pcap | diff - <(printf '%s\n' ts,seq,src_ip,dst_ip,src_port,proto,dst_port,vlan,predicted \
    1.000000000,0,10.0.0.1,10.0.0.2,1000,17,2000,7,b 2.000000000,1,10.0.0.1,10.0.0.2,1000,17,80,0,a)
}

@test "-n stops after so many reports" {
  make_reports r.pcap <<'END'
class=1 features=5,100
class=1 features=5,101
class=1 features=5,102
END
  [ "$(verdicts -n 2 --model=app.tree r.pcap | cut -d, -f10 | paste -sd ' ')" = "len 100 101" ]
}

@test "a capture cut in the middle is an error, and -o leaves nothing" {
  make_reports r.pcap <<'END'
class=1 features=5,100
class=1 features=5,101
END
  head -c -1 r.pcap >cut.pcap
  run -1 --separate-stderr verdicts --model=app.tree -o rows cut.pcap
  [ "$stderr" = "verdicts: cut.pcap: frame 2: the file ends in the middle of it" ]
  [ ! -e rows ]
}

@test "--ring on what is no ring" {
  run -1 --separate-stderr verdicts --model=app.tree --ring=nothing
  [[ "$stderr" == "verdicts: nothing: "* ]]
  [[ "$stderr" == *"built without libbpf"* ]] ||
    [ "$stderr" = "verdicts: nothing: can't be opened as a pinned ring buffer: No such file or directory" ]
  run -1 --separate-stderr verdicts --model=app.tree --ring=app.tree
  [[ "$stderr" == "verdicts: app.tree: "* ]]
}

@test "what does not go together is refused" {
  run -2 --separate-stderr verdicts r.pcap
  [[ "$stderr" == "verdicts: which model? (--model=MODEL)"* ]]
  run -2 --separate-stderr verdicts --model=app.tree -i lo r.pcap
  [[ "$stderr" == "verdicts: -i stands alone: no FILE, no --ring"* ]]
  run -2 --separate-stderr verdicts --model=app.tree --ring=x r.pcap
  [[ "$stderr" == "verdicts: --ring and FILE only go together with --run"* ]]
  run -2 --separate-stderr verdicts --model=app.tree --run=x r.pcap
  [[ "$stderr" == "verdicts: --run needs --ring, where the program's reports come out"* ]]
  run -2 --separate-stderr verdicts --model=app.tree --duration=1 r.pcap
  [[ "$stderr" == "verdicts: --duration is for -i and --ring"* ]]
}

@test "-i takes report frames from an interface until it is told to stop" {
  need_root
  need ip tcpreplay
  make_reports r.pcap <<'END'
class=1 features=5,100
class=2 features=5,1400
END
  ip netns add weirv$$
  nsenter --net=/run/netns/weirv$$ bash -c '
    ip link add va type veth peer name vb && ip link set va up && ip link set vb up
    verdicts -q -n 2 --duration=10 --model=app.tree -i vb -o rows &
    sleep 0.5
    tcpreplay -q --topspeed -i va r.pcap >/dev/null 2>&1
    wait $!' || { ip netns del weirv$$; return 1; }
  ip netns del weirv$$
  [ "$(tail -n +2 rows | cut -d, -f10,11 | paste -sd ' ')" = '100,voice 1400,"web ""x"""' ]
}

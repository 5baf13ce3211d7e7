# flow-cluster: groups of unknown flows, their names, and the columns that a person goes on with.
load helper

# blobs ROWS: rows of three kinds around points of their own in six dimensions, the first kind twice as
# often, in turns, and what they say of servers and ports.
blobs() {
  awk -v n="$1" '
    function normal() { return sqrt(-2 * log(1 - rand())) * cos(6.283185307 * rand()) }
    BEGIN {
      srand(4)
      print "file,proto,dst_port,app.protocol,tls.sni,truth,emb_1,emb_2,emb_3,emb_4,emb_5,emb_6"
      for (i = 0; i < n; i++) {
        c = i % 4 == 3 ? 0 : i % 4
        if (c == 0) printf "a.pcap,6,443,tls,%s.example.co.uk,web", i % 8 ? "www" : "img"
        if (c == 1) printf "b.pcap,17,%d,,,call", i % 24 == 1 ? 5000 : 3478
        if (c == 2) printf "c.pcap,6,%d,ssh,,shell", 22 + i
        for (d = 0; d < 6; d++) printf ",%.6g", (d == 2 * c ? 9 : 1) + (d % 2 ? 0.2 : 1) * normal()
        print ""
      }
    }'
}

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  command -v flow-cluster >/dev/null || return 0
  blobs 400 >unknown.csv
  flow-cluster unknown.csv >labelled.csv 2>labelled.err
}

setup() {
  need flow-cluster
  cd "$BATS_FILE_TMPDIR"
}

@test "kinds that are apart come back, the largest first, with names of what their rows have in common" {
  cmp <(cut -d , -f 1-12 labelled.csv) unknown.csv
  [ "$(tail -n +2 labelled.csv | cut -d , -f 6,13,14 | sort | uniq -c | sed 's/^ *//')" = "100 call,2,udp-3478
100 shell,3,ssh
200 web,1,example.co.uk" ]
  [ "$(head -n 1 labelled.csv)" = "$(head -n 1 unknown.csv),cluster,class" ]
  [ "$(sed -n 1,3p labelled.err | sed 's/[0-9]\.[0-9]* of their/x of their/')" = "flow-cluster: 400 rows of 6 numbers, on 2 axes with x of their variance; 3 clusters
cluster      rows   share  name
      1       200  0.5000  example.co.uk" ]
  # Typical rows are of the cluster, and are told by line.
  line=$(sed -n '4s/ *line \([0-9]*\) file=a.pcap.*/\1/p' labelled.err)
  [[ $(sed -n "${line}p" unknown.csv) == a.pcap,* ]]
  [ "$(grep -c '^ *line ' labelled.err)" = 9 ]
}

@test "the same bytes for any -j, as TSV too; another seed finds the same kinds" {
  flow-cluster -q -j 1 unknown.csv | cmp - labelled.csv
  flow-cluster -q -j 3 --tsv <unknown.csv | tr '\t' , | cmp - labelled.csv
  flow-cluster -q --seed=9 unknown.csv | cmp - labelled.csv
}

@test "typical rows: the end of a long path, the front of other long texts, whole characters" {
  local folder name
  folder=$(printf 'folder/%.0s' {1..9})
  name=$(printf 'a%.0s' {1..39})
  printf 'file,dns.qname,emb_1\n%s,%s,1\n%s,%s,2\n' "${folder}x.pcap" "${name}ä.example" "ä$(printf 'b%.0s' {1..39})" "${name}b" >long.csv
  run -0 --separate-stderr flow-cluster --clusters=1 long.csv
  [ "$(tail -n 2 <<<"$stderr" | sed 's/^ *line //' | sort)" = "2 file=…${folder: -34}x.pcap dns.qname=$name…
3 file=…$(printf 'b%.0s' {1..39}) dns.qname=${name}b" ]
}

@test "names that are given; a column of another name" {
  flow-cluster -q -c kind --name=2='a, call' --name=3=other --clusters=3 unknown.csv >named.csv
  [ "$(head -n 1 named.csv)" = "$(head -n 1 unknown.csv),cluster,kind" ]
  [ "$(tail -n +2 named.csv | cut -d , -f 13- | sort -u | paste -sd ' ')" = '1,example.co.uk 2,"a, call" 3,other' ]
  # A name that was given is not proposed for another cluster.
  flow-cluster -q --name=3=example.co.uk --clusters=3 unknown.csv | cut -d , -f 13- | sort -u >names
  grep -qx '1,example.co.uk-1' names
  run -1 --separate-stderr flow-cluster -q --name=4=x unknown.csv
  [ "$stderr" = "flow-cluster: --name=4=x: there are 3 clusters" ]
  for value in x =x 0=x 1= 1 ''; do
    run -2 --separate-stderr flow-cluster "--name=$value" unknown.csv
  done
  run -2 --separate-stderr flow-cluster --name=1=a --name=1=b unknown.csv
  [[ "$stderr" == "flow-cluster: --name: '1=b' is a second name for the cluster"* ]]
}

@test "BIC decides: -v tells it for each number" {
  run -0 --separate-stderr flow-cluster -v --clusters=1:4 -o out.csv unknown.csv
  best=$(grep -o '[0-9]* [a-z]* components*: .*' <<<"$stderr" | sort -t ' ' -k 9 -g | head -n 1)
  [[ $best == "3 round components: "* ]]
  # For one component in as many dimensions as there are: mean and covariance by hand, from the rows.
  awk -F , 'NR > 1 { print $7, $9 }' unknown.csv | awk '
    { n++; sx += $1; sy += $2; xx += $1 * $1; xy += $1 * $2; yy += $2 * $2 }
    END {
      mx = sx / n; my = sy / n; a = xx / n - mx * mx; b = xy / n - mx * my; c = yy / n - my * my
      l = (a + c) / 2 + sqrt((a - c) ^ 2 / 4 + b * b)
      # In units of the first axis.
      det = (a * c - b * b) / (l * l)
      ll = -log(6.283185307179586) - log(det) / 2 - 1
      printf "1 full component: %.6f nats a flow, BIC %.3f\n", ll, 5 * log(n) - 2 * n * ll
    }' >want
  { echo emb_1,emb_2; tail -n +2 unknown.csv | cut -d , -f 7,9; } >two.csv
  run -0 --separate-stderr flow-cluster -v --clusters=1 -o out.csv two.csv
  diff <(grep -o '1 full component:.*' <<<"$stderr") want
}

@test "poor tables: one row, rows that are all alike, fewer than clusters, numbers that never change" {
  printf '%s\n' emb_1,emb_2 1,2 | flow-cluster -q >out.csv
  [ "$(cat out.csv)" = $'emb_1,emb_2,cluster,class\n1,2,1,cluster-1' ]
  { echo emb_1,emb_2; for _ in {1..50}; do echo 0,7; done; } | flow-cluster -q >out.csv
  [ "$(tail -n +2 out.csv | sort | uniq -c | sed 's/^ *//')" = "50 0,7,1,cluster-1" ]
  printf '%s\n' emb_1 3e38 -3e38 | flow-cluster -q --clusters=2,9 >out.csv
  [ "$(tail -n +2 out.csv | cut -d , -f 2 | sort | paste -sd ' ')" = "1 2" ]
}

@test "bad input: errors name the place and say what to do" {
  fails() { # TEXT TABLE ARGUMENT…
    run -1 --separate-stderr flow-cluster "${@:3}" <<<"$2"
    [ "$stderr" = "flow-cluster: $1" ] || { echo "$stderr"; return 1; }
  }
  fails "standard input:1: there is no column 'emb_1' (cnn-eval --unknown=FILE writes it)" $'len_1\n4'
  fails "standard input:3: column 'emb_2': 'x' is not a number" $'emb_1,emb_2\n1,2\n1,x'
  fails "standard input:2: column 'emb_1': '' is empty" $'emb_1,emb_2\n,2'
  fails "standard input:2: column 'emb_1': '1e39' is out of range" $'emb_1\n1e39'
  fails "standard input: has no rows to cluster" emb_1
  fails "standard input:1: there is a column 'class' already (--class=NAME names the new one)" $'class,emb_1\na,1'
  fails "standard input:1: there is a column 'cluster' already" $'cluster,emb_1\n1,1'
  fails "--class: a column 'cluster' will be there already" $'emb_1\n1' -c cluster
  fails "standard input:2: the row has 1 field, the header has 2" $'emb_1,emb_2\n1'
  run -2 flow-cluster --clusters=0:3 unknown.csv
  run -1 flow-cluster -q -o /dev/full unknown.csv
}

#!/usr/bin/env node
// An analyser in JavaScript, without any package: tags flows that begin with many bytes as "heavy",
// and gives the tags to pcap2feat --tags.
// Usage: redis2feat … | heavy.mjs SOCKET|HOST:PORT [BYTES]
//
// Reads flow rows with the columns flow and bytes, in CSV without quotes. SOCKET is a path.
import net from 'node:net';
import readline from 'node:readline';

const [where, least = '1000'] = process.argv.slice(2);
if (!where) {
  console.error('usage: heavy.mjs SOCKET|HOST:PORT [BYTES]');
  process.exit(2);
}
const [, host, port] = where.match(/^([^/]*):(\d+)$/) ?? [];
const redis = net.connect(port ? { host, port: Number(port) } : { path: where });
redis.on('error', (error) => {
  console.error(`heavy.mjs: ${where}: ${error.message}`);
  process.exit(1);
});
redis.resume(); // what it answers does not matter

// A command as the protocol wants it: the number of words, and each with its length.
const send = (...words) =>
  redis.write(`*${words.length}\r\n` + words.map((w) => `$${Buffer.byteLength(w)}\r\n${w}\r\n`).join(''));

let columns;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const fields = line.split(',');
  if (!columns) {
    columns = fields;
    continue;
  }
  const row = Object.fromEntries(columns.map((name, i) => [name, fields[i]]));
  if (Number(row.bytes) >= Number(least)) send('PUBLISH', 'weir:tags', `${row.flow} heavy`);
}
redis.end();

// The driver of usearch, from its npm package: connectivity 16 (32 edges at the bottom), build beam 200, float32. Arguments and
// lines as the package description of io.grape.benchmarks.vectors.contender says, after the directory of the package. The
// beam of a usearch index from npm is fixed when it is made, so each line loads it anew, outside of what is timed.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');

const NEIGHBOURS = 10;
const [home, mode, baseFile, queryFile, rows, queries, dimension, metric, directory] = process.argv.slice(2);
const compiled = require(path.join(home, 'prebuilds', `${process.platform}-${process.arch}`, 'usearch.node'));
const d = Number(dimension);
const file = path.join(directory, 'index');

function open(beam) {
    return new compiled.CompiledIndex(d, metric === 'angular' ? 'ip' : 'l2sq', 'f32', 16, 200, beam, false);
}

function read(name, count) {
    const bytes = fs.readFileSync(name);
    return new Float32Array(bytes.buffer, bytes.byteOffset, count * d);
}

function cpuNs() {
    const usage = process.cpuUsage();
    return (usage.user + usage.system) * 1000;
}

if (mode === 'build') {
    const wall = process.hrtime.bigint();
    const cpu = cpuNs();
    const base = read(baseFile, Number(rows));
    const index = open(64);
    for (let row = 0; row < Number(rows); row++) {
        index.add(BigUint64Array.of(BigInt(row)), base.subarray(row * d, (row + 1) * d), 1);
    }
    index.save(file);
    console.log(`@built ${process.hrtime.bigint() - wall} ${cpuNs() - cpu}`);
} else {
    const query = read(queryFile, Number(queries));
    const count = Number(queries);
    console.log('@ready');
    readline.createInterface({ input: process.stdin }).on('line', (line) => {
        const index = open(Number(line.split(' ')[1]));
        index.load(file);
        const found = new Int32Array(count * NEIGHBOURS).fill(-1);
        const latencies = new BigInt64Array(count);
        const cpu = cpuNs();
        const start = process.hrtime.bigint();
        let before = start;
        for (let i = 0; i < count; i++) {
            const keys = index.search(query.subarray(i * d, (i + 1) * d), NEIGHBOURS, 1)[0];
            for (let j = 0; j < keys.length && j < NEIGHBOURS; j++) {
                found[i * NEIGHBOURS + j] = Number(keys[j]);
            }
            const after = process.hrtime.bigint();
            latencies[i] = after - before;
            before = after;
        }
        const spent = cpuNs() - cpu;
        fs.writeFileSync(path.join(directory, 'results.bin'), Buffer.concat([Buffer.from(found.buffer), Buffer.from(latencies.buffer)]));
        console.log(`@done ${before - start} ${spent}`);
    });
}

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CLI_PROGRAM } from '../../testing/server.ts'

const CLI = [process.execPath, ...CLI_PROGRAM].map((word) => `'${word}'`).join(' ')
const RECORDING = fileURLToPath(new URL('../../../../../fixtures/dialects/otel-genai/001.traces.pb', import.meta.url))

/**
 * In a network of its own that leads nowhere: whatever is asked of another host, a name server included, is a packet for
 * which the kernel has no route, and is counted. One line of JSON of what was seen, and of how often once somebody did ask.
 */
const STORY = `
ip link set lo up
sent() { awk '/^Ip: [0-9]/ { four = $13 } /^Ip6OutNoRoutes/ { six = $2 } END { print four + six }' /proc/net/snmp /proc/net/snmp6; }
before=$(sent)
mkfifo "$DATA/up"
${CLI} up --data "$DATA/log" --no-sensor --http-port 0 --otlp-http-port 0 --otlp-grpc-port 0 --json >"$DATA/up" &
read -r ready <"$DATA/up"
cd "$DATA"
${CLI} import --data log '${RECORDING}' >import.txt 2>&1 || cat import.txt >&2
${CLI} graph --data log conv-4711 >graph.txt 2>&1 || cat graph.txt >&2
${CLI} evidence export --data log conv-4711 --out case.zip >/dev/null 2>&1
${CLI} doctor --data log >doctor.txt 2>&1
exported=$(test -s case.zip && echo true || echo false)
children=$(cat /proc/$!/task/*/children | wc -w)
quiet=$(( $(sent) - before ))
'${process.execPath}' -e 'fetch("http://198.51.100.7/").catch(() => {}); setTimeout(() => process.exit(), 100)'
echo "{\\"exported\\":$exported,\\"children\\":$children,\\"quiet\\":$quiet,\\"asked\\":$(( $(sent) - before - quiet ))}"
kill $! && wait
`

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-alone-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const canIsolate = spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status === 0

// Not run where no network of one's own can be had: a missing feature is no pass.
test.skipIf(!canIsolate)(
  'a server that records, shows, exports and looks at itself asks no other host for anything and starts no other program (needs root and iproute2)',
  () => {
    const env = { ...process.env, DATA: folder, STORY }
    const { stdout, stderr } = spawnSync('unshare', ['--net', 'sh', '-c', STORY], { env, timeout: 200_000 })
    expect(stdout.toString(), stderr.toString()).not.toBe('')
    const { asked, ...seen } = JSON.parse(stdout.toString()) as Readonly<Record<string, unknown>>
    expect(seen).toEqual({ exported: true, children: 0, quiet: 0 })
    // The counter counts: who asks another host for something is seen.
    expect(asked).toBeGreaterThan(0)
  },
)

/**
 * A driver of a test's own: starts a loader, holds one cgroup for four hours and puts another under a list, says so, and stays
 * until its input ends. Run as `node held-loader.ts LOADER HOLDS HELD GOVERNED`.
 */
import { startLoader } from '../loader/start-loader.ts'

const [path = '', holds = '', held = '', governed = ''] = process.argv.slice(2)
const FOUR_HOURS_NS = 4n * 3_600_000_000_000n

const loader = await startLoader({ path, holds, onRecords: () => {} })
const expires = process.hrtime.bigint() + FOUR_HOURS_NS
const results = [
  await loader.send('hold', held, 'quarantine', expires, 0),
  await loader.send('govern', governed, 'enforce', expires, 0, 'a'.repeat(64)),
]
process.stdout.write(`${results.every(({ ok }) => ok) ? 'ready' : 'refused'} ${loader.pid ?? 0}\n`)
process.stdin.resume().once('end', () => void loader.stop())

/**
 * Budgets of the workspace (ux, performance budgets) that need no large log: what the first load takes of script, how long
 * `--help` takes, and whether a graph of 300 nodes leaves the page free while it is laid out. Prints each figure beside its
 * budget, one JSON document a line, and asserts nothing.
 */
import { spawnSync } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser, signIn } from '../../apps/web/e2e/support/browser.ts'
import { INITIAL_SCRIPT_BUDGET, initialScript, totalGzipBytes } from '../../apps/web/e2e/support/initial-script.ts'
import { send, startWorkspace, type Workspace } from '../../apps/web/e2e/support/server.ts'
import { spanIdOf, toolCall, traceRequest } from '../../packages/testkit/src/index.ts'
import { median, round } from '../detect/figures.ts'

const HELP_RUNS = 9
const GRAPH_NODES = 300
const CLI = [
  '--disable-warning=ExperimentalWarning',
  '--conditions=@holdfast/source',
  join(import.meta.dirname, '../../apps/cli/holdfast.js'),
]

say({ bench: 'web budgets', node: process.version, cores: availableParallelism(), load: loadavg()[0] })
const files = initialScript()
if (files === undefined) say({ what: 'first load', result: 'the pages are not built' })
else
  say({
    what: 'first load, bytes of compressed script',
    figure: totalGzipBytes(files),
    budget: INITIAL_SCRIPT_BUDGET,
    files: files.slice(0, 4),
  })
say({ what: 'holdfast --help, ms', ...helpFigures(), budget: 150, runs: HELP_RUNS })
await using workspace = await startWorkspace()
const browser = await launchBrowser()
try {
  const { page } = await signIn(browser, { signInUrl: workspace.signInUrl })
  say({ what: `graph of ${GRAPH_NODES} nodes`, ...(await graphFigures(page, workspace)) })
} finally {
  await browser.close()
}

/** By turns with a Node that does nothing, which is what no command can be faster than on this machine at this moment. */
function helpFigures(): object {
  const help: number[] = []
  const nothing: number[] = []
  for (let run = 0; run < HELP_RUNS; run += 1) {
    help.push(msOf([...CLI, '--help']))
    nothing.push(msOf(['-e', '0']))
  }
  return { figure: round(median(help)), nodeAlone: round(median(nothing)) }
}

function msOf(args: readonly string[]): number {
  const begun = performance.now()
  const { status } = spawnSync(process.execPath, args)
  if (status !== 0) throw new Error(`${args.at(-1) ?? ''} ended with ${status}`)
  return performance.now() - begun
}

/** From the address to the first node, who laid the graph out, and the longest task of the page's own thread meanwhile. */
async function graphFigures(page: Page, target: Workspace): Promise<object> {
  const root = spanIdOf('wide', 0)
  const spans = Array.from({ length: GRAPH_NODES * 2 }, (_, n) => ({
    name: `execute_tool tool_${n}`,
    ...(n === 0 ? {} : { parent: root }),
    attributes: toolCall('wide', { name: `tool_${n}`, id: `call_${n}`, args: `{"n":${n}}`, result: `{"r":${n}}` }),
  }))
  await send(target, traceRequest({ service: 'wide-agent', trace: 'wide', spans }))
  await page.addInitScript(() => {
    const tasks: number[] = []
    Object.assign(globalThis, { longTasks: tasks })
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
      buffered: true,
    })
  })
  const workers: string[] = []
  page.on('worker', (worker) => workers.push(new URL(worker.url()).pathname))
  await page.goto(`${target.http}/conversations/wide?limit=300&mode=as-run`, { waitUntil: 'commit' })
  const shown = await page.waitForFunction(
    () => (document.querySelector('.react-flow__node') ? performance.now() : 0),
    undefined,
    { polling: 'raf', timeout: 120_000 },
  )
  const nodes = await page.evaluate(async () => {
    const answer = await fetch('/api/v1/conversations/wide/drawn-graph?mode=as-run&limit=300')
    return ((await answer.json()) as { readonly nodes: readonly unknown[] }).nodes.length // of our own API
  })
  const tasks = await page.evaluate(
    () => (globalThis as unknown as { readonly longTasks: readonly number[] }).longTasks,
  ) // put there above
  return {
    firstNodeMs: round(Number(await shown.jsonValue())),
    nodes,
    nodesInView: await page.locator('.react-flow__node').count(),
    laidOutBy: workers.filter((name) => name.includes('layout')),
    longestTaskMs: round(Math.max(0, ...tasks)),
  }
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

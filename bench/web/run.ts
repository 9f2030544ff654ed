/**
 * How long a reader waits for a large conversation: 50,000 records over OTLP into a real server, opened in a real
 * browser; and one with a 5 MB base64 value, which must cost nothing until it is opened. Prints, and asserts nothing.
 */
import { availableParallelism, loadavg } from 'node:os'
import { launchBrowser, signIn } from '../../apps/web/e2e/support/browser.ts'
import { LARGE, scrollToLastRow, sendLarge } from '../../apps/web/e2e/support/large.ts'
import { send, startWorkspace, type Workspace } from '../../apps/web/e2e/support/server.ts'
import { chat, toolCall, traceRequest } from '../../packages/testkit/src/index.ts'
import type { Page } from 'playwright-core'

const RECORDS = Number(process.env['RECORDS'] ?? 50_000)
const RUNS = 5
const LARGE_BYTES = 5_000_000

await using workspace = await startWorkspace()
const browser = await launchBrowser()
try {
  console.log(`${RECORDS} records; ${availableParallelism()} cores; load ${loadavg()[0]?.toFixed(1) ?? '?'}`)
  const { page } = await signIn(browser, { signInUrl: workspace.signInUrl })
  const address = `${workspace.http}/conversations/${LARGE}`
  console.log(
    `sent and folded in ${await timed(() => sendLarge(workspace, RECORDS))} ms; load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
  )
  // At once: nothing has had time to derive the graph of the last record.
  await report(page, 'first open, graph', { url: address, shows: '.react-flow__node', runs: 1 })
  await reportNewest(page)
  await send(
    workspace,
    traceRequest({
      service: 'small-agent',
      trace: 'small',
      spans: [{ name: 'chat', attributes: chat('small', { user: 'Hello', answer: 'Hello.' }) }],
    }),
  )
  // What the page itself costs on this machine at this moment: the rest is to be read beside it.
  await report(page, '1 record, graph', {
    url: `${workspace.http}/conversations/small`,
    shows: '.react-flow__node',
    runs: RUNS,
  })
  await report(page, 'graph, aggregated', { url: address, shows: '.react-flow__node', runs: RUNS })
  await report(page, 'graph, as run', { url: `${address}?mode=as-run`, shows: '.react-flow__node', runs: RUNS })
  await report(page, 'tree', { url: `${address}?view=tree`, shows: '[role=row][aria-level]', runs: RUNS })
  await report(page, 'table', { url: `${address}?view=table`, shows: '[role=gridcell] time', runs: RUNS })
  console.log(`scrolled to the last of the rows in ${await timed(() => scrollToLastRow(page))} ms`)
  await reportLargeValue(page, workspace)
} finally {
  await browser.close()
}

async function timed(work: () => Promise<void>): Promise<string> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun).toFixed(0)
}

type Opening = { readonly url: string; readonly shows: string; readonly runs: number }

/** From the start of the navigation until the first thing of the view is in the page, by the page's own clock. */
async function report(page: Page, name: string, { url, shows, runs }: Opening): Promise<void> {
  const times: number[] = []
  for (let run = 0; run < runs; run += 1) {
    await page.goto('about:blank')
    await page.goto(url, { waitUntil: 'commit' })
    const shown = await page.waitForFunction(
      (selector) => (document.querySelector(selector) ? performance.now() : 0),
      shows,
      { polling: 'raf', timeout: 120_000 },
    )
    times.push(Number(await shown.jsonValue()))
  }
  const sorted = times.toSorted((a, b) => a - b)
  console.log(
    `${name.padEnd(20)} median ${(sorted[Math.floor(runs / 2)] ?? 0).toFixed(0)} ms, slowest ${(sorted.at(-1) ?? 0).toFixed(0)} ms (${runs} runs)`,
  )
}

/** How old the graph of the first opening is, and how long until the page could show the newest. */
async function reportNewest(page: Page): Promise<void> {
  const begun = performance.now()
  let first: string | undefined
  for (;;) {
    const behind = await page.evaluate(async () => {
      const answer = await fetch('/api/v1/conversations/large/drawn-graph?mode=aggregated&limit=150')
      const graph = (await answer.json()) as { readonly behind?: object } // of our own API
      return graph.behind === undefined ? undefined : JSON.stringify(graph.behind)
    })
    first ??= behind ?? 'none'
    if (behind === undefined) break
    await page.waitForTimeout(100)
  }
  console.log(`behind at first: ${first}; newest there after ${(performance.now() - begun).toFixed(0)} ms`)
}

async function reportLargeValue(page: Page, target: Workspace): Promise<void> {
  const value = Buffer.alloc((LARGE_BYTES * 3) / 4, 'Holdfast 0123456789').toString('base64')
  const attributes = toolCall('blob', { name: 'render', id: 'call_1', args: '{}', result: value })
  await send(
    target,
    traceRequest({ service: 'blob-agent', trace: 'blob', spans: [{ name: 'execute_tool render', attributes }] }),
  )
  let received = 0
  page.on('response', (response) => {
    if (response.url().includes('/api/'))
      void response.body().then(
        ({ length }) => (received += length),
        () => undefined,
      )
  })
  const address = `${target.http}/conversations/blob`
  await report(page, '5 MB value, unopened', { url: address, shows: '.react-flow__node', runs: RUNS })
  console.log(`answers received for ${RUNS} openings of it: ${(received / 1000).toFixed(0)} KB`)
  await page.getByRole('group', { name: /tool call render/ }).click()
  const result = page.getByRole('region', { name: 'Content result' })
  const begun = performance.now()
  await result.getByRole('button', { name: 'Open' }).click()
  await result.getByText(/^characters 1 to/).waitFor()
  console.log(`opening its first window: ${(performance.now() - begun).toFixed(0)} ms`)
}

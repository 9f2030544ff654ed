import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, noBrowser, signIn } from './support/browser.ts'
import { send, startWorkspace } from './support/server.ts'
import { chat, traceRequest } from '@holdfast/testkit'

/** Each takes away from the server one thing that a sensor needs, and from nobody else. */
const WITHOUT: readonly (readonly [what: string, within: string, detail: RegExp, remedy: RegExp])[] = [
  ['root', 'exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"', /user 65534 may not load/, /sudo npm start/],
  [
    'BTF',
    'exec unshare --mount sh -c \'mount -t tmpfs none /sys/kernel/btf && exec "$@"\' sh "$@"',
    /does not describe its types/,
    /CONFIG_DEBUG_INFO_BTF/,
  ],
  [
    'cgroup v2',
    'exec unshare --mount sh -c \'for at in $(awk "\\$3 == \\"cgroup2\\" { print \\$2 }" /proc/self/mounts); do umount -l "$at"; done; exec "$@"\' sh "$@"',
    /no cgroup v2 hierarchy is mounted/,
    /mount -t cgroup2/,
  ],
]

const isRoot = process.getuid?.() === 0 && process.platform === 'linux'
const reason = noBrowser ?? (isRoot ? undefined : 'only root can hide these from a server')
let browser: Browser

beforeAll(async () => {
  if (reason === undefined) browser = await launchBrowser()
})
afterAll(() => browser?.close())

test.skipIf(reason !== undefined).each(WITHOUT)(
  `without %s the page of an agent says what is lost, why, and what would mend it${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  async (_what, within, detail, remedy) => {
    await using workspace = await startWorkspace({ hasSensor: true, within })
    const spans = [{ name: 'chat gpt-5-mini', attributes: chat('told', { user: 'Hello', answer: 'Hello.' }) }]
    await send(workspace, traceRequest({ service: 'unseen-agent', trace: 'told', spans }))
    const { page, context, complaints } = await signIn(browser, { signInUrl: workspace.signInUrl })
    await page.getByRole('row', { name: /unseen-agent/ }).click()
    await page.getByRole('navigation', { name: 'About this agent' }).getByRole('link', { name: 'Kernel' }).click()
    const sight = page.getByRole('region', { name: 'What is seen' })
    await sight.getByText(/No kernel sensor can see it/).waitFor()
    // The server is there before its sensor has found out why it cannot see.
    await sight.filter({ hasText: detail }).filter({ hasText: remedy }).waitFor()
    const text = await sight.innerText()
    expect(text).toMatch(detail)
    expect(text).toMatch(remedy)
    expect(text).toContain('the programs that it starts')
    expect(text).toContain('It cannot be held in the kernel either')
    expect(complaints).toEqual([])
    await context.close()
  },
  180_000,
)

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MAILBOX, traceRequest } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { poisonedReport } from '../../testing/poisoned-report.ts'
import { cli } from '../../testing/run.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'

let server: TestServer
let folder = ''
const run = (...args: readonly string[]) => cli(args, { env: server.env, cwd: folder })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-incidents-'))
  server = await startTestServer()
  const response = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(traceRequest({ service: 'report-clerk', trace: 'poisoned', spans: poisonedReport })),
  })
  expect(response.ok).toBe(true)
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('an incident is listed, shown with its evidence, and exported as a bundle that verifies', async () => {
  const [row] = await vi.waitFor(
    async () => {
      const rows = JSON.parse((await run('incidents', 'list', '--json')).stdout)
      expect(rows).toHaveLength(1)
      return rows
    },
    { timeout: 60_000, interval: 200 },
  )
  expect(fieldFaults(row, documentedFields('incidents list --json'))).toEqual([])
  expect(row).toMatchObject({ type: 'reasoning-compromise', conversations: ['poisoned'] })

  const shown = JSON.parse((await run('incidents', 'show', row.id, '--json')).stdout)
  expect(fieldFaults(shown, documentedFields('incidents show ID --json'))).toEqual([])
  const { stdout: page } = await run('incidents', 'show', row.id)
  expect(page).toContain(MAILBOX)
  expect(page).not.toContain('\u001b[31m')

  const status = JSON.parse((await run('evidence', 'status', row.id.slice(0, 8), '--json')).stdout)
  expect(fieldFaults(status, documentedFields('evidence status ID --json'))).toEqual([])
  expect(status).toMatchObject({ incident: row.id, conversations: ['poisoned'] })
  expect(status.artifacts.map(({ id }: { readonly id: string }) => id)).toEqual(['A1', 'A2', 'A3', 'A4', 'A5', 'A6'])

  const exported = JSON.parse((await run('evidence', 'export', row.id, '--out', 'case.zip', '--json')).stdout)
  expect(fieldFaults(exported, documentedFields('evidence export ID --json'))).toEqual([])
  expect(exported.incident).toBe(row.id)
  expect((await run('evidence', 'verify', 'case.zip')).code).toBe(0)
})

test('the report of an incident is JSON, Markdown, HTML and PDF, and its reading is on record', async () => {
  const [{ id }] = JSON.parse((await run('incidents', 'list', '--json')).stdout)
  const note = JSON.parse((await run('incidents', 'note', id, 'the mail is forged', '--pin', '--json')).stdout)
  const report = JSON.parse((await run('incidents', 'document', id, '--json')).stdout)
  expect(report).toMatchObject({
    form: 'urn:holdfast:incident-report:v1',
    incident: { id, type: 'reasoning-compromise', conversations: ['poisoned'] },
  })
  expect(report.tools.map(({ name }: { readonly name: string }) => name)).toContain('send_mail')
  expect(report.evidence.artifacts).toHaveLength(6)
  expect(report.notes).toMatchObject([
    { id: note.id, type: 'pin', words: 'the mail is forged', at: note.at, entries: note.entries },
  ])
  expect(report.timeline.map(({ kind }: { readonly kind: string }) => kind)).toContain('detection')

  const { stdout: markdown, code } = await run('incidents', 'document', id.slice(0, 8))
  expect(code).toBe(0)
  expect(markdown).toContain('## Timeline')
  // The reading of the JSON form stands in the next form that is made.
  expect(markdown).toContain(String.raw`reveal\-content`)
  expect(markdown).not.toContain('\u001b[31m')

  expect((await run('incidents', 'document', id, '--as', 'html', '--out', 'report.html')).code).toBe(0)
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain("default-src 'none'")
  expect((await run('incidents', 'document', id, '--as', 'html', '--out', 'report.html')).code).toBe(6)
  expect((await run('incidents', 'document', id, '--as', 'pdf')).code).toBe(2)
  const unprinted = await cli(['incidents', 'document', id, '--as', 'pdf', '--out', 'report.pdf'], {
    env: { ...server.env, PATH: folder },
    cwd: folder,
  })
  expect(unprinted.stderr).toContain('no browser was found')
})

test('the three lenses of an incident count the same, and the way to the mail begins with the report that ordered it', async () => {
  const [{ id }] = JSON.parse((await run('incidents', 'list', '--json')).stdout)
  const { lenses } = JSON.parse((await run('incidents', 'lens', id, '--json')).stdout)
  expect(lenses.stacks.totals).toEqual(lenses.access.totals)
  expect(lenses.trajectory.totals).toEqual(lenses.access.totals)
  const sent = lenses.stacks.stacks.find(({ tool }: { readonly tool: string }) => tool === 'send_mail')
  expect(sent).toMatchObject({ recipients: [MAILBOX] })
  expect(sent.depth).toBeGreaterThan(0)
  const { stdout, code } = await run('incidents', 'lens', id, '--lens', 'stacks')
  expect(stdout).toContain('the same in all three lenses')
  expect(stdout).not.toContain('\u001b[31m')
  expect(code).toBe(0)
})

test('a report is taken back by its id alone, and says so', async () => {
  const [{ agents }] = JSON.parse((await run('incidents', 'list', '--json')).stdout)
  const told = ['--conversation', 'poisoned', '--type', 'reasoning-compromise', '--reason', 'it favours one supplier']
  const reported = JSON.parse((await run('incidents', 'report', agents[0], ...told, '--json')).stdout)
  expect(reported).toMatchObject({ status: 'reported', conversation: 'poisoned' })
  const withdrawn = await vi.waitFor(
    async () => {
      const taken = await run('incidents', 'report', '--withdraw', reported.reportId, '--reason', 'a test')
      expect(taken.code).toBe(0)
      return taken.stdout
    },
    { timeout: 60_000, interval: 200 },
  )
  expect(withdrawn).toContain('withdrawn')
  expect(withdrawn).toContain(reported.reportId)
  expect((await run('incidents', 'report', '--withdraw', 'nosuch', '--reason', 'a test')).code).toBe(4)
  expect((await run('incidents', 'report', agents[0], '--reason', 'a test')).code).toBe(2)
})

test('the plan of an incident says which rung, why and by whose word, and does nothing', async () => {
  const [{ id }] = JSON.parse((await run('incidents', 'list', '--json')).stdout)
  const asked = JSON.parse((await run('incidents', 'plan', id, '--json')).stdout)
  expect(fieldFaults(asked, documentedFields('incidents plan ID --json'))).toEqual([])
  // A test server is told of its agents by themselves alone, and of this one nobody said how it is used.
  expect(asked.steps[0].approval.kind).toBe('people')
  expect(asked.assumptions).not.toEqual([])

  const told = ['--live', 'yes', '--restartable', 'no', '--harm', 'slow', '--reversible', 'yes']
  const { stdout, code } = await run('incidents', 'plan', id, ...told)
  expect(code).toBe(0)
  expect(stdout).toContain('row 14: reasoning compromised, slower clock')
  expect(stdout).toContain('R1 restrict: stops the one tool')
  expect(stdout).toContain('within 4 h of the graph')
  expect(stdout).toContain('nothing was done')
  expect((await run('incidents', 'plan', id, '--live', 'maybe')).code).toBe(2)
})

test('a case is worked by its runbook: nothing before a type is accepted, nothing past a condition that does not hold', async () => {
  const [{ id }] = JSON.parse((await run('incidents', 'list', '--json')).stdout)
  const refused = async (...args: readonly string[]) => {
    const { code, stderr } = await run('incidents', 'runbook', id, ...args)
    expect(code).toBe(6)
    return stderr
  }
  expect((await run('incidents', 'runbook', id)).stdout).toContain('has no case yet')
  expect(await refused('--open', 'detect')).toContain('not open')

  expect((await run('evidence', 'status', id)).stdout).toContain('sealed: nothing')
  const opened = JSON.parse((await run('incidents', 'open', id, '--json')).stdout)
  expect(fieldFaults(opened, documentedFields('incidents runbook ID --json'))).toEqual([])
  expect(opened).toMatchObject({ seals: [{ completeness: expect.any(Number) }], types: [] })
  expect(await refused('--open', 'detect')).toContain('no type is accepted')

  const because = ['--type', 'reasoning-compromise', '--reason', 'the report carried the order']
  expect((await run('incidents', 'classify', id, ...because)).code).toBe(0)
  expect((await run('incidents', 'runbook', id, '--open', 'detect')).code).toBe(0)
  expect(await refused('--close', 'detect')).toContain('open')
  expect(await refused('--state', 'graph-built=true', '--entries', '3')).toContain('graph-built')

  const beyond = await run('incidents', 'runbook', id.slice(0, 10), '--attach', 'prompt', '--entries', '99999')
  expect(beyond.stderr).toContain('there is no log entry 99999')
  expect(beyond.code).toBe(2)
  expect((await run('incidents', 'runbook', id, '--done', 'nosuch', '--entries', '1')).stderr).toContain('read-chain')

  const [entry] = JSON.parse((await run('incidents', 'show', id, '--json')).stdout).evidence.for[0].entries
  const shown = ['--entries', String(entry)]
  for (const task of ['read-chain', 'name-candidate'])
    expect((await run('incidents', 'runbook', id, '--done', task, ...shown)).code).toBe(0)
  for (const evidence of ['prompt', 'provenance', 'tool-sequence'])
    expect((await run('incidents', 'runbook', id, '--attach', evidence, ...shown)).code).toBe(0)
  const sealed = JSON.parse((await run('evidence', 'seal', id, '--json')).stdout)
  expect(fieldFaults(sealed, documentedFields('evidence seal ID --json'))).toEqual([])
  expect((await run('evidence', 'status', id)).stdout).toContain(
    `sealed: to entry ${sealed.size}, root ${sealed.rootHash}; nothing is newer`,
  )
  const closed = JSON.parse((await run('incidents', 'runbook', id, '--close', 'detect', '--json')).stdout)
  expect(closed.matrix.filter(({ status }: { readonly status: string }) => status === 'closed')).toEqual([
    expect.objectContaining({ type: 'reasoning-compromise', phase: 'detect', owner: expect.any(String) }),
  ])
  expect((await run('incidents', 'close', id, '--as', 'resolved', '--reason', 'done')).code).toBe(6)

  expect((await run('evidence', 'export', id, '--out', 'sealed.zip')).code).toBe(0)
  const { code, stdout: verdict } = await run('evidence', 'verify', 'sealed.zip', '--json')
  expect(fieldFaults(JSON.parse(verdict), documentedFields('evidence verify PATH --json'))).toEqual([])
  expect(JSON.parse(verdict)).toMatchObject({ ok: true, seals: 2, problems: [] })
  // Two seals, a reading and this export at least.
  expect(JSON.parse(verdict).custody).toBeGreaterThanOrEqual(4)
  expect(code).toBe(0)

  const { data } = server
  server.child.kill('SIGTERM')
  await server.ended
  server = await startTestServer({ data })
  const after = JSON.parse((await run('incidents', 'runbook', id, '--json')).stdout)
  expect(after).toEqual(closed)

  const alarm = ['--as', 'false-positive', '--reason', 'the owner asked for it']
  await run('incidents', 'confirm', id, '--reason', 'seen')
  expect((await run('incidents', 'close', id, ...alarm)).stderr).toContain('confirmed it in log entry')
  await run('incidents', 'confirm', id, '--withdraw', '--reason', 'mistaken')
  expect((await run('incidents', 'close', id, ...alarm)).code).toBe(0)
  expect(JSON.parse((await run('incidents', 'list', '--json')).stdout)).toMatchObject([
    { id, closed: 'false-positive' },
  ])
  expect((await run('incidents', 'list')).stdout).toContain('closed: false-positive')
})

test('a skill is rehearsed without a trace, and run step by step on record', async () => {
  const [{ id }] = JSON.parse((await run('incidents', 'list', '--json')).stdout)
  const { skills } = JSON.parse((await run('skills', 'list', '--json')).stdout)
  expect(skills.map(({ standing }: { readonly standing: string }) => standing)).toEqual(Array(7).fill('shipped'))
  const { stdout: rehearsed } = await run('skills', 'rehearse', 'host-isolation', '--incident', id)
  expect(rehearsed).toContain('for 240 minutes')
  expect(JSON.parse((await run('skills', 'runs', '--json')).stdout)).toEqual({ runs: [] })

  const told = ['--incident', id, '--reason', 'a drill', '--json']
  const done = JSON.parse((await run('skills', 'run', 'siem-notification', ...told)).stdout)
  expect(done).toMatchObject({ state: 'finished', incident: id })
  const failed = JSON.parse((await run('skills', 'run', 'host-isolation', ...told)).stdout)
  // Its case is closed: the evidence of it is not sealed any more, and nothing is held.
  expect(failed.steps.slice(0, 2)).toMatchObject([
    { id: 'seal', state: 'failed', detail: expect.stringContaining('closed') },
    { id: 'hold', state: 'open' },
  ])
  expect((await run('skills', 'continue', failed.run, '--reason', 'again')).code).toBe(6)

  expect((await run('runbooks', 'export', 'reasoning-compromise', '--out', 'cacao.json')).code).toBe(0)
  const draft = await run('runbooks', 'import', 'cacao.json')
  expect(draft.stdout).toContain('type: reasoning-compromise')
  expect(draft.code).toBe(0)

  const on = ['duties', 'enable', 'gdpr-33', '--reason', 'we are in the EU']
  expect((await run(...on)).stdout).toContain('Not legal advice')
  expect((await run('duties', 'clocks', id, '--moment', 'awareness', '--reason', 'paged')).code).toBe(0)
  expect((await run('duties', 'enable', 'nosuch', '--reason', 'x')).code).toBe(4)
})

test('an incident that is not there is said so', async () => {
  const { code, stderr } = await run('evidence', 'status', 'inc-0000000000000000')
  expect(stderr).toContain('inc-0000000000000000')
  expect(code).toBe(4)
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer } from '@holdfast/api'
import type { RuleSource } from '@holdfast/detect'
import type { UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storyGroups } from '../incidents/testing/story.ts'
import { openViews } from '../views/open-views.ts'
import { foldAll, judgeAll } from '../testing/fold-all.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-rules-judged-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MAILS: RuleSource = {
  name: 'mails',
  file: 'mails/rule.yml',
  text: `title: an agent that summarises sends mail
logsource: { product: holdfast, category: ai_agent }
detection:
  sent: { event.kind: tool-call, tool.name: send_mail }
  condition: sent
holdfast:
  speaksFor: reasoning-compromise
  strength: 0.6
`,
}

beforeAll(async () => {
  await using recorder = await Recorder.open({ folder, clock: () => 1_790_000_100_000_000_000n as UnixNano }) // one fixed instant
  const mail = { to: 'ana@shop.example', subject: 'summary' }
  await recorder.append(
    storyGroups({
      service: 'desk',
      trace: 'a'.repeat(32),
      user: 'Send ana the summary.',
      document: 'Sales grew.',
      mail,
    }),
  )
})

/** What the list holds after everything was folded and judged by these rules. */
function judgedBy(rules: readonly RuleSource[]): Answer<'listIncidents'>['items'] {
  using open = openViews(folder, { rules })
  foldAll(open)
  judgeAll(open)
  const json = open.answerJson('listIncidents', { query: { outcome: 'all' } }) ?? 'null'
  return (JSON.parse(json) as Answer<'listIncidents'>).items // the route's own answer
}

test('a rule that speaks for a type makes an incident, and other rules have everything judged anew', () => {
  expect(judgedBy([])).toEqual([])
  expect(judgedBy([MAILS])).toMatchObject([
    { type: 'reasoning-compromise', headline: 'desk: an agent that summarises sends mail' },
  ])
  expect(judgedBy([{ ...MAILS, text: MAILS.text.replace('send_mail', 'pay') }])).toEqual([])
})

test('what was judged by the same rules is not judged again', () => {
  judgedBy([MAILS])
  using open = openViews(folder, { rules: [MAILS] })
  expect(open.judge.waiting()).toBe(0)
  expect(open.projections.every(({ store }) => store.cursor === open.reader.size())).toBe(true)
})

test('the program of rules ends with the code of what it found', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--conditions=@holdfast/source',
        join(import.meta.dirname, 'main.ts'),
        ...args,
      ],
      { encoding: 'utf8' },
    )
  expect(run('test', '--json')).toMatchObject({ status: 0, stderr: '' })
  for (const command of ['lint', 'test', 'list']) expect(run(command, '--', join(folder, 'nowhere')).status).toBe(4)
  expect(run('import', '--out', folder, '--', join(folder, 'nowhere')).status).toBe(4)
  expect(run('nothing').status).toBe(2)
})

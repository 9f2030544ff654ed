import { readdirSync, readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { shippedMatrix } from '../testing/case-driver.ts'
import { cellsOf } from '../runbook/parse-runbook.ts'
import type { SkillFolder } from './parse-skill.ts'
import { parseSkill, rehearse, skillDigest } from './parse-skill.ts'

const ROOT = new URL('../../../../runbooks/skills/', import.meta.url)
const NAMES = readdirSync(ROOT)

function folder(name: string): SkillFolder {
  const read = (file: string) => readFileSync(new URL(`${name}/${file}`, ROOT), 'utf8')
  return { folder: name, skill: read('SKILL.md'), steps: read('steps.yaml') }
}

function problemsOf(change: Partial<SkillFolder>): readonly string[] {
  const parsed = parseSkill({ ...folder('agent-retirement'), ...change })
  return parsed.status === 'parsed'
    ? []
    : parsed.problems.map(({ file, line, message }) => `${file}:${line} ${message}`)
}

test('seven skills ship, and each that a runbook names is among them', () => {
  expect(NAMES).toHaveLength(7)
  for (const { cell } of cellsOf(shippedMatrix())) {
    for (const { skill } of cell.tasks) if (skill !== undefined) expect(NAMES).toContain(skill)
  }
})

for (const name of NAMES) {
  test(`${name} is rehearsed without doing anything, once each of its inputs is named`, () => {
    const parsed = parseSkill(folder(name))
    if (parsed.status === 'refused') throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
    const { inputs } = parsed.skill.steps
    expect(rehearse(parsed.skill, new Map())).toEqual({ status: 'missing', inputs: inputs.map((each) => each.name) })
    const done = rehearse(parsed.skill, new Map(inputs.map((each) => [each.name, `the ${each.kind}`])))
    expect(done.status === 'ready' && done.steps.length).toBe(parsed.skill.steps.steps.length)
  })
}

test('a rehearsal says what could not be undone and what a person does', () => {
  const parsed = parseSkill(folder('agent-retirement'))
  const targets = new Map([
    ['workload', 'docs/old'],
    ['credential', 'key-1'],
  ])
  const done = parsed.status === 'parsed' && rehearse(parsed.skill, targets)
  expect(
    done && done.status === 'ready' && done.steps.map(({ would, by, canBeUndone }) => [would, by, canBeUndone]),
  ).toEqual([
    ["ask platform: Name what took over the agent's work", 'person', true],
    ['seal the evidence', 'program', false],
    ['freeze-credential on key-1', 'program', true],
    ['stop docs/old', 'program', false],
    ['retire docs/old', 'program', false],
  ])
})

test('any change of either file is another skill', () => {
  const whole = folder('rollback')
  const digests = [whole, { ...whole, skill: `${whole.skill} ` }, { ...whole, steps: `${whole.steps}\n` }].map(
    skillDigest,
  )
  expect(new Set(digests).size).toBe(3)
})

const { skill: SKILL, steps: STEPS } = folder('agent-retirement')

test('front matter that is missing, misnamed or says what it may not is refused at its line', () => {
  expect(problemsOf({ skill: '# no front matter' })).toEqual([
    'agent-retirement/SKILL.md:1 a skill begins with its front matter between two lines ---',
  ])
  expect(problemsOf({ folder: 'other' })[0]).toBe('other/SKILL.md:2 name: the folder is other: they are equal')
  expect(problemsOf({ skill: SKILL.replace('eradicate', 'destroy') })[0]).toContain(
    'agent-retirement/SKILL.md:6 metadata',
  )
  expect(problemsOf({ skill: SKILL.replace('holdfast.phase', 'holdfast.fase') })[0]).toContain('the key is unknown')
  expect(problemsOf({ skill: SKILL.replace('license:', 'run-as: root\nlicense:') })[0]).toContain('run-as')
  expect(problemsOf({ skill: SKILL + '\n'.repeat(600) })[0]).toContain('at most 500 lines')
})

test('a step of an unknown kind, target or fact is refused, and so is an end without a seal', () => {
  expect(problemsOf({ steps: STEPS.replace('do: roster', 'do: shell') })[0]).toContain('steps.yaml:')
  expect(problemsOf({ steps: STEPS.replace('target: credential', 'target: everything') })[0]).toContain(
    'no input is named everything',
  )
  expect(problemsOf({ steps: STEPS.replace('  - id: seal\n    do: seal\n', '') })[0]).toContain(
    'a seal stands before what ends a workload',
  )
  expect(problemsOf({ steps: STEPS.replace('rung: stop', 'rung: pause') })[0]).toContain('a pause needs a time limit')
  const rollback = folder('rollback')
  const wrong = parseSkill({ ...rollback, steps: rollback.steps.replace('is: monitoring', 'is: asleep') })
  expect(wrong.status === 'refused' && wrong.problems[0]?.message).toContain('mode is one of monitoring, enforcement')
})

test('a check of a fact that is no text is a mistake of the file', () => {
  const steps = folder('agent-retirement').steps
  const broken = steps.replace(/(steps:\n)/, '$1  - { id: odd, do: check, fact: { toString: 1 }, is: true }\n')
  expect(broken).not.toBe(steps)
  expect(problemsOf({ steps: broken }).join()).toContain('fact something of type object is unknown')
})

import { createHash } from 'node:crypto'

import { canonicalJson } from '@holdfast/model'

import { MAX_SKILL_LINES } from '../limits.ts'
import { misfitOf } from '../runbook/facts.ts'
import type { Checked, FileProblem, Mistake } from '../runbook/yaml-file.ts'
import { parseYamlFile, repeatedIds } from '../runbook/yaml-file.ts'
import type { FrontMatter, Skill, SkillStep, SkillSteps } from './skill.ts'
import { frontMatterSchema, METADATA, stepsSchema } from './skill.ts'

/** The two files of a skill as they were read. Untrusted. */
export type SkillFolder = { readonly folder: string; readonly skill: string; readonly steps: string }

export type ParsedSkill =
  | { readonly status: 'parsed'; readonly skill: Skill }
  | { readonly status: 'refused'; readonly problems: readonly FileProblem[] }

/** Reads a skill's folder: `SKILL.md` with its front matter, and `steps.yaml` with what it does. */
export function parseSkill({ folder, skill, steps }: SkillFolder): ParsedSkill {
  const file = `${folder}/SKILL.md`
  const parts = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(skill)
  const [, front, body] = parts ?? []
  if (front === undefined || body === undefined) {
    return refused([
      { file, line: 1, column: 1, message: 'a skill begins with its front matter between two lines ---' },
    ])
  }
  const read = parseYamlFile({ text: front, file, linesBefore: 1 }, (value) => frontMatterFrom(value, folder))
  const typed = parseYamlFile({ text: steps, file: `${folder}/steps.yaml` }, stepsFrom)
  const tooLong =
    body.split('\n').length > MAX_SKILL_LINES
      ? [{ file, line: 1, column: 1, message: `the text of a skill has at most ${MAX_SKILL_LINES} lines` }]
      : []
  if (read.status === 'parsed' && typed.status === 'parsed' && tooLong.length === 0) {
    const digest = skillDigest({ folder, skill, steps })
    return { status: 'parsed', skill: { front: read.value, body, steps: typed.value, digest } }
  }
  const problemsOf = (result: typeof read | typeof typed) => (result.status === 'refused' ? result.problems : [])
  return refused([...problemsOf(read), ...problemsOf(typed), ...tooLong])
}

/** SHA-256 over the canonical JSON of file names and their digests, in hex: any change of either file is another skill. */
export function skillDigest({ skill, steps }: SkillFolder): string {
  const of = (text: string): string => createHash('sha256').update(text).digest('hex')
  return of(canonicalJson({ 'SKILL.md': of(skill), 'steps.yaml': of(steps) }))
}

/** One line of a rehearsal: what would be done, and whose word or hand it takes. */
export type RehearsedStep = {
  readonly id: string
  readonly would: string
  readonly by: 'program' | 'person'
  readonly canBeUndone: boolean
}

/**
 * What a skill would do to these targets, without doing any of it; or why it could not run. `targets` are names by the name of
 * the input.
 */
export function rehearse(
  { steps: { inputs, steps } }: Skill,
  targets: ReadonlyMap<string, string>,
):
  | { readonly status: 'ready'; readonly steps: readonly RehearsedStep[] }
  | { readonly status: 'missing'; readonly inputs: readonly string[] } {
  const missing = inputs.filter(({ name }) => !targets.has(name)).map(({ name }) => name)
  if (missing.length > 0) return { status: 'missing', inputs: missing }
  return { status: 'ready', steps: steps.map((step) => rehearsed(step, targets)) }
}

function rehearsed(step: SkillStep, targets: ReadonlyMap<string, string>): RehearsedStep {
  const { id } = step
  const named = (input: string): string => targets.get(input) ?? input
  const program = (would: string, canBeUndone = true): RehearsedStep => ({ id, would, by: 'program', canBeUndone })
  switch (step.do) {
    case 'seal':
      return program('seal the evidence', false)
    case 'hold': {
      const isEnding = step.rung === 'stop' || step.rung === 'kill'
      const ttl = step['ttl-minutes']
      const length = isEnding ? '' : ttl === 0 ? ' until it is released' : ` for ${ttl} minutes`
      return program(`${step.rung} ${named(step.target)}${length}`, !isEnding)
    }
    case 'cut':
      return program(`${step.cut} on ${named(step.target)}`, step.cut !== 'rotate-secret')
    case 'acquire':
      return program(`take ${step.what} of ${named(step.target)}`, false)
    case 'notify':
      return program(`tell ${step.channel} of the ${step.what}`, false)
    case 'ask':
      return { id, would: `ask ${step.team}: ${step.says}`, by: 'person', canBeUndone: true }
    case 'check':
      return program(`check that ${step.fact} is ${String(step.is)}`)
    case 'roster':
      return program(`${step.change} ${named(step.target)}`, step.change !== 'retire')
  }
}

function frontMatterFrom(value: unknown, folder: string): Checked<FrontMatter> {
  const result = frontMatterSchema.safeParse(value)
  if (!result.success) return { status: 'refused', mistakes: result.error.issues }
  const { name, metadata = {} } = result.data
  const own = Object.entries(metadata).filter(([key]) => key.startsWith('holdfast.'))
  const mistakes: readonly Mistake[] = [
    ...(folder.split('/').at(-1) === name
      ? []
      : [{ path: ['name'], message: `the folder is ${folder}: they are equal` }]),
    ...own.flatMap(([key, text]) => {
      if (!METADATA.has(key)) return [{ path: ['metadata', key], message: 'the key is unknown' }]
      const allowed = METADATA.get(key)
      return allowed === undefined || allowed.includes(text)
        ? []
        : [{ path: ['metadata', key], message: `one of ${allowed.join(', ')}` }]
    }),
  ]
  return mistakes.length > 0 ? { status: 'refused', mistakes } : { status: 'parsed', value: result.data }
}

function stepsFrom(value: unknown): Checked<SkillSteps> {
  const result = stepsSchema.safeParse(value)
  if (!result.success) return { status: 'refused', mistakes: result.error.issues }
  const { inputs, steps } = result.data
  const names = new Set(inputs.map(({ name }) => name))
  const sealedAt = steps.findIndex((step) => step.do === 'seal')
  const mistakes: readonly Mistake[] = [
    ...repeatedIds(steps).map((at) => ({ path: ['steps', at, 'id'], message: 'the id stands twice' })),
    ...steps.flatMap((step, at): readonly Mistake[] => {
      const path = ['steps', at]
      if (step.do === 'check') {
        const misfit = misfitOf(step.fact, step.is)
        return misfit === undefined ? [] : [{ path: [...path, 'is'], message: misfit }]
      }
      const unknown =
        'target' in step && !names.has(step.target)
          ? [{ path: [...path, 'target'], message: `no input is named ${step.target}` }]
          : []
      const isEnding = step.do === 'hold' && (step.rung === 'stop' || step.rung === 'kill')
      // FC8
      const unsealed =
        isEnding && (sealedAt < 0 || sealedAt > at)
          ? [{ path: [...path, 'rung'], message: 'a seal stands before what ends a workload' }]
          : []
      const endless =
        step.do === 'hold' && step.rung === 'pause' && step['ttl-minutes'] === 0
          ? [{ path: [...path, 'ttl-minutes'], message: 'a pause needs a time limit' }]
          : []
      return [...unknown, ...unsealed, ...endless]
    }),
  ]
  return mistakes.length > 0 ? { status: 'refused', mistakes } : { status: 'parsed', value: result.data }
}

function refused(problems: readonly FileProblem[]): ParsedSkill {
  return { status: 'refused', problems }
}

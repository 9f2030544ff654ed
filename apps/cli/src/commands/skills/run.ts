import type { SkillRunWire, SkillsWire } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { inert, inertBlock } from '../../render/inert.ts'
import { formatOf, printDocument, printList } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type {
  ContinueFlags,
  DecideSkillFlags,
  RehearseFlags,
  RunSkillFlags,
  RunsFlags,
  ShowSkillFlags,
  SkillFlags,
} from './command.ts'

/** Lists the skills, and what did not parse. */
export async function skillsList(this: CliContext, flags: SkillFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const found = await openApi(this, flags).call('listSkills')
  printList(this, { format, columns: SKILLS, rows: found.skills, document: found })
  if (format !== 'table' && format !== 'wide') return
  for (const { folder, problems } of found.refused)
    this.stdout.write(`\n${inert(folder)}: ${inert(problems.join('; '))}\n`)
}

/** Shows one skill. */
export async function skillsShow(this: CliContext, flags: ShowSkillFlags, skill: string): Promise<void> {
  show(this, flags, await openApi(this, flags).call('getSkill', { params: { skill } }))
}

/** Approves the bytes of a skill. */
export async function skillsApprove(this: CliContext, flags: DecideSkillFlags, skill: string): Promise<void> {
  const { digest, reason } = flags
  const body = { decision: 'approved', digest, reason } as const
  show(this, flags, await openApi(this, flags).call('decideSkill', { params: { skill }, body }))
}

/** Says what each step would do. */
export async function skillsRehearse(this: CliContext, flags: RehearseFlags, skill: string): Promise<void> {
  const api = openApi(this, flags)
  const format = formatOf(flags, 'table')
  const incident = flags.incident === undefined ? {} : { incident: await resolveIncident(api, flags.incident) }
  const body = { ...incident, targets: Object.fromEntries(flags.target ?? []) }
  const rehearsed = await api.call('rehearseSkill', { params: { skill }, body })
  printList(this, { format, columns: REHEARSED, rows: rehearsed.steps, document: rehearsed })
  if (rehearsed.status === 'missing' && (format === 'table' || format === 'wide'))
    this.stdout.write(
      `it needs to be told: ${inert(rehearsed.missing.map((name) => `--target ${name}=...`).join(' '))}\n`,
    )
}

/** Runs a skill until it waits. */
export async function skillsRun(this: CliContext, flags: RunSkillFlags, skill: string): Promise<void> {
  const api = openApi(this, flags)
  const incident = await resolveIncident(api, flags.incident)
  const body = { incident, targets: Object.fromEntries(flags.target ?? []), reason: flags.reason }
  printRun(this, flags, await api.call('runSkill', { params: { skill }, body }))
}

/** Lists runs. */
export async function skillsRuns(this: CliContext, flags: RunsFlags): Promise<void> {
  const api = openApi(this, flags)
  const query = flags.incident === undefined ? {} : { incident: await resolveIncident(api, flags.incident) }
  const found = await api.call('listSkillRuns', { query })
  printList(this, { format: formatOf(flags, 'table'), columns: RUNS, rows: found.runs, document: found })
}

/** Goes on with a run. */
export async function skillsContinue(this: CliContext, flags: ContinueFlags, run: string): Promise<void> {
  printRun(
    this,
    flags,
    await openApi(this, flags).call('continueSkillRun', { params: { run }, body: { reason: flags.reason } }),
  )
}

type Shown = SkillsWire['skills'][number] & {
  readonly text: string
  readonly steps: readonly { readonly id: string; readonly words: string }[]
}

function show(context: CliContext, flags: ShowSkillFlags, skill: Shown): void {
  const format = formatOf(flags, 'table')
  if (format !== 'table') return printDocument(context, format, skill)
  const by = skill.approved === undefined ? '' : ` by ${inert(skill.approved.by)}, log entry ${skill.approved.entry}`
  const steps = skill.steps.map(({ id, words }) => `  ${inert(id)}: ${inert(words)}\n`).join('')
  context.stdout.write(
    `${inert(skill.name)} version ${skill.version}, ${skill.standing}${by}\n${inert(skill.description)}\ndigest ${skill.digest}\n\n${steps}\n${inertBlock(skill.text).trim()}\n`,
  )
}

function printRun(context: CliContext, flags: SkillFlags, run: SkillRunWire): void {
  const format = formatOf(flags, 'table')
  printList(context, { format, columns: STEPS, rows: run.steps, document: run })
  if (format === 'table' || format === 'wide') context.stdout.write(`\nrun ${run.run}: ${run.state}\n`)
}

const SKILLS: readonly Column<SkillsWire['skills'][number]>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'VERSION', value: ({ version }) => version, align: 'right' },
  { title: 'MAY RUN', value: ({ standing }) => standing },
  { title: 'NEEDS', value: ({ inputs }) => inputs.map(({ name }) => name).join(' ') },
  { title: 'DIGEST', value: ({ digest }) => digest, show: ({ digest }) => digest.slice(0, 12) },
  { title: 'FOR', value: ({ description }) => description, widest: 80 },
]

const REHEARSED: readonly Column<{
  readonly id: string
  readonly would: string
  readonly by: string
  readonly canBeUndone: boolean
}>[] = [
  { title: 'STEP', value: ({ id }) => id },
  { title: 'WOULD', value: ({ would }) => would, widest: 100 },
  { title: 'BY', value: ({ by }) => by },
  { title: 'CAN BE UNDONE', value: ({ canBeUndone }) => (canBeUndone ? 'yes' : 'no') },
]

const STEPS: readonly Column<SkillRunWire['steps'][number]>[] = [
  { title: 'STEP', value: ({ id }) => id },
  { title: 'DOES', value: (step) => step.do },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'DETAIL', value: ({ detail }) => detail, widest: 120 },
  { title: 'ENTRIES', value: ({ entries }) => entries.join(' ') },
]

const RUNS: readonly Column<SkillRunWire>[] = [
  { title: 'RUN', value: ({ run }) => run },
  { title: 'SKILL', value: ({ skill }) => skill },
  { title: 'INCIDENT', value: ({ incident }) => incident },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'BY', value: ({ by }) => by },
]

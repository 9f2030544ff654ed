import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Answer, Body, IncidentWire } from '@holdfast/api'
import type { SkillDecision, SkillRunRecord } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { rehearse, type Skill, type SkillStep } from '@holdfast/respond'
import type { Caller } from '../http/auth.ts'
import { HttpError } from '../http/problem.ts'
import { namesAsked } from '../incidents/names-asked.ts'
import type { ViewsClient } from '../views/client.ts'
import { type KnownSkill, type Library, readLibrary } from './library.ts'
import { runAfter, type RunState } from './run-state.ts'
import { type StepContext, type StepOutcome, type StepSources, takeStep, versionToRestore } from './steps.ts'
import { rehearsalWire, runWire, skillWire } from './wire.ts'

export type SkillSources = StepSources & {
  readonly recorder: Pick<Recorder, 'appendControl' | 'signDocument' | 'publicKey'>
  readonly reader: Pick<LogReader, 'controls'>
  readonly views: Pick<ViewsClient, 'ask'>
  /** The data folder; an operator's own skills lie in `skills` below it. */
  readonly folder: string
}

export type Approval = { readonly digest: string; readonly by: string; readonly reason: string; readonly entry: number }

/** Skills and their runs. Only bytes that ship or that an admin approved run, and each step is on record before it is done (FC3). */
export class Skills {
  readonly #sources: SkillSources
  /** By name: the last decision, where it approves. */
  readonly #approved = new Map<string, Approval>()
  readonly #runs = new Map<string, RunState>()
  /** Runs that are being gone on with: the same step is never taken twice at once. */
  readonly #busy = new Set<string>()

  constructor(sources: SkillSources) {
    this.#sources = sources
    for (const { record, index } of sources.reader.controls('skill'))
      this.#note(record.decision, { by: record.by, reason: record.reason, entry: index })
    for (const { record, index } of sources.reader.controls('skill-run')) this.#follow(record, index)
  }

  list(): Answer<'listSkills'> {
    const { skills, refused } = this.#library()
    return {
      skills: [...skills.values()].map((known) => skillWire(known, this.#approvalOf(known))),
      refused: refused.map(({ folder, problems }) => ({ folder, problems: [...problems] })),
    }
  }

  show(name: string): Answer<'getSkill'> {
    const known = this.#find(name)
    const { recorder } = this.#sources
    const { skill } = known
    const key = recorder.publicKey()
    const text = `holdfast skill v1\n${key.split('+')[0] ?? ''}\n${skill.front.name}\n${skill.steps.version}\n${skill.digest}\n`
    const words = rehearse(skill, new Map(skill.steps.inputs.map((input) => [input.name, `<${input.name}>`])))
    return {
      ...skillWire(known, this.#approvalOf(known)),
      text: skill.body,
      steps: skill.steps.steps.map(({ id, do: what }, i) => ({
        id,
        do: what,
        words: words.status === 'ready' ? (words.steps[i]?.would ?? '') : '',
      })),
      note: recorder.signDocument(text),
      key,
    }
  }

  /** Approves exactly these bytes, or takes it back. Throws 409 where the skill is other bytes by now. */
  async decide(
    name: string,
    { decision, digest, reason }: Body<'decideSkill'>,
    by: string,
  ): Promise<Answer<'getSkill'>> {
    const { skill } = this.#find(name)
    if (skill.digest !== digest) throw new HttpError(409, `${name} is ${skill.digest} by now: read it again`)
    const decided: SkillDecision = { do: decision, skill: name, version: skill.steps.version, digest }
    const { from: entry } = await this.#sources.recorder.appendControl({ kind: 'skill', decision: decided, reason, by })
    this.#note(decided, { by, reason, entry })
    return this.show(name)
  }

  /** What each step would do. Changes nothing and records nothing. */
  async rehearse(name: string, { incident, targets }: Body<'rehearseSkill'>): Promise<Answer<'rehearseSkill'>> {
    const { skill } = this.#find(name)
    const about = incident === undefined ? undefined : await this.#incident(incident)
    return rehearsalWire(rehearse(skill, new Map(Object.entries(targetsFor(skill, targets, about)))))
  }

  /** Begins a run and goes on until a person, a plan or a fault stops it. */
  async run(
    name: string,
    { incident: id, targets: given, reason }: Body<'runSkill'>,
    { name: by, role }: Runner,
  ): Promise<Answer<'runSkill'>> {
    const known = this.#find(name)
    const { skill } = known
    this.#assertMayRun(known)
    const incident = await this.#incident(id)
    const targets = targetsFor(skill, given, incident)
    const ready = rehearse(skill, new Map(Object.entries(targets)))
    if (ready.status === 'missing')
      throw new HttpError(400, `name what is meant by ${ready.inputs.join(', ')}: NAME=VALUE`)
    const run = randomUUID()
    const { version } = skill.steps
    const of = { run, skill: name, version, digest: skill.digest, incident: incident.id, targets, by }
    await this.#write({ ...of, state: 'started', detail: reason })
    return await this.#goOn(run, { by, role, reason, isDone: false })
  }

  async runs(incident: string | undefined): Promise<Answer<'listSkillRuns'>> {
    const names = await namesAsked(this.#sources.views, incident)
    const runs = [...this.#runs.values()].filter(({ started }) => names?.has(started.incident) ?? true)
    const library = this.#library()
    return { runs: runs.toReversed().map((run) => this.#wire(run, library)) }
  }

  /** Goes on with a run that waits, or that a stopped server left; `reason` says what the person did. */
  async goOn(
    run: string,
    { reason }: Body<'continueSkillRun'>,
    { name: by, role }: Runner,
  ): Promise<Answer<'continueSkillRun'>> {
    const known = this.#runs.get(run)
    if (known === undefined) throw new HttpError(404, 'there is no such run')
    if (known.state === 'finished' || known.state === 'failed')
      throw new HttpError(409, `the run has ${known.state === 'failed' ? 'failed: run the skill again' : 'finished'}`)
    return await this.#goOn(run, { by, role, reason, isDone: true })
  }

  async #goOn(run: string, told: Told): Promise<Answer<'runSkill'>> {
    if (this.#busy.has(run)) throw new HttpError(409, 'somebody goes on with this run just now')
    this.#busy.add(run)
    try {
      await this.#steps(run, told)
    } finally {
      this.#busy.delete(run)
    }
    return this.#wire(this.#found(run), this.#library())
  }

  async #steps(run: string, { by, role, reason, isDone }: Told): Promise<void> {
    const { started } = this.#found(run)
    const known = this.#find(started.skill)
    // What was begun with other bytes than these is not gone on with.
    if (known.skill.digest !== started.digest)
      throw new HttpError(409, `${started.skill} was changed since: run it anew`)
    this.#assertMayRun(known)
    const incident = await this.#incident(started.incident)
    const { state: _state, detail: _detail, step: _step, plan: _plan, ...of } = started
    for (const step of known.skill.steps.steps) {
      const before = this.#found(run).steps.get(step.id)
      if (before?.state === 'done') continue
      // Chosen once: after the first try the roster's own version before is another.
      const restores = before?.restores ?? versionToRestore(this.#sources.rosters, step, of.targets)
      const chosen = restores === undefined ? {} : { restores }
      if (before === undefined || before.state === 'intended')
        await this.#write({ ...of, by, step: step.id, state: 'intended', detail: reason, ...chosen })
      const plan = before?.plan ?? [...this.#found(run).steps.values()].findLast((one) => one.plan !== undefined)?.plan
      const context: StepContext = {
        run,
        skill: started.skill,
        incident,
        targets: of.targets,
        by,
        role,
        reason,
        plan,
        restores,
      }
      const isAnswer = isDone && step.do === 'ask' && before?.state === 'waiting'
      const outcome: StepOutcome = isAnswer
        ? { state: 'done', detail: `${by}: ${reason}` }
        : await this.#tried(step, context)
      await this.#write({ ...of, by, step: step.id, ...outcome })
      if (outcome.state !== 'done') return
    }
    await this.#write({ ...of, by, state: 'finished', detail: 'every step is done' })
  }

  /** A step that cannot be taken has failed, and says why; a fault of ours is one as well. */
  async #tried(step: SkillStep, context: StepContext): Promise<StepOutcome> {
    try {
      return await takeStep(this.#sources, step, context)
    } catch (error) {
      return { state: 'failed', detail: error instanceof Error ? error.message : String(error) }
    }
  }

  #wire(run: RunState, library: Library): Answer<'runSkill'> {
    return runWire(run, library.skills.get(run.started.skill)?.skill)
  }

  #found(run: string): RunState {
    const found = this.#runs.get(run)
    if (found === undefined) throw new HttpError(404, 'there is no such run')
    return found
  }

  #library(): Library {
    return readLibrary(join(this.#sources.folder, 'skills'))
  }

  #find(name: string): KnownSkill {
    const { skills, refused } = this.#library()
    const found = skills.get(name)
    if (found !== undefined) return found
    const wrong = refused.find(({ folder }) => folder === name)
    if (wrong !== undefined) throw new HttpError(409, wrong.problems.join('; '))
    throw new HttpError(404, `no skill "${name}"; there are ${[...skills.keys()].join(', ')}`)
  }

  #approvalOf({ skill }: KnownSkill): Approval | undefined {
    const approval = this.#approved.get(skill.front.name)
    return approval?.digest === skill.digest ? approval : undefined
  }

  #assertMayRun(known: KnownSkill): void {
    if (known.origin === 'shipped' || this.#approvalOf(known) !== undefined) return
    const { front, digest } = known.skill
    throw new HttpError(
      409,
      `${front.name} with digest ${digest.slice(0, 12)} is not approved: an admin approves exactly these bytes`,
    )
  }

  async #incident(id: string): Promise<IncidentWire> {
    return JSON.parse(await this.#sources.views.ask('getIncident', { incident: id })) as IncidentWire // the worker's answer to this question
  }

  async #write(record: SkillRunRecord): Promise<void> {
    const { from } = await this.#sources.recorder.appendControl({ kind: 'skill-run', ...record })
    this.#follow(record, from)
  }

  #follow(record: SkillRunRecord, entry: number): void {
    const next = runAfter(this.#runs.get(record.run), record, entry)
    if (next !== undefined) this.#runs.set(record.run, next)
  }

  #note(decision: SkillDecision, { by, reason, entry }: Omit<Approval, 'digest'>): void {
    if (decision.do === 'withdrawn') this.#approved.delete(decision.skill)
    else this.#approved.set(decision.skill, { digest: decision.digest, by, reason, entry })
  }
}

/** Who runs a skill, and what that person may. */
type Runner = Pick<Caller, 'name' | 'role'>
type Told = {
  readonly by: string
  readonly role: Caller['role']
  readonly reason: string
  /** The person has done what the run waited for. */
  readonly isDone: boolean
}

/** What was named, and the one agent of the incident where a workload was not. */
function targetsFor(
  { steps }: Skill,
  given: Readonly<Record<string, string>>,
  incident: Pick<IncidentWire, 'agents'> | undefined,
): Readonly<Record<string, string>> {
  const [agent, ...others] = incident?.agents ?? []
  const found = steps.inputs.flatMap(({ name, kind }): readonly (readonly [string, string])[] => {
    const named = new Map(Object.entries(given)).get(name)
    if (named !== undefined) return [[name, named]]
    return kind === 'workload' && agent !== undefined && others.length === 0 ? [[name, agent]] : []
  })
  return Object.fromEntries(found)
}

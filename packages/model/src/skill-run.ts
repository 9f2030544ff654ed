/** A skill that somebody approved, or that is approved no longer; only approved bytes run. */
export type SkillDecision = {
  readonly do: 'approved' | 'withdrawn'
  readonly skill: string
  readonly version: number
  /** SHA-256 over both of its files, in hex. */
  readonly digest: string
}

/** One step of a run of a skill, or its beginning or end. */
export type SkillRunRecord = {
  readonly run: string
  readonly skill: string
  readonly version: number
  readonly digest: string
  readonly incident: string
  /** Names by the input that they are given for. */
  readonly targets: Readonly<Record<string, string>>
  /** The step that it is about; absent for the run as a whole. */
  readonly step?: string
  /** `waiting`: for a person or for a plan. */
  readonly state: 'started' | 'intended' | 'done' | 'waiting' | 'failed' | 'finished'
  readonly detail: string
  /** The plan that carries the step out, by its hash. */
  readonly plan?: string
  /** The version that the step goes back to, chosen before it is tried, so that a second try goes to the same. */
  readonly restores?: string
  readonly by: string
}

import type { DiagnosticTarget } from '@holdfast/reconcile'

/** Looks one part up, for one agent and instant, when it is asked; undefined where there is nothing of it. */
export type QuestionSource<Facts> = (target: DiagnosticTarget, now: string) => Promise<Facts | undefined>

import type { PlanStep, Responder } from '@holdfast/respond'
import type { StepPreview } from './plan-record.ts'

/** What each step would do, as its provider says; those that cannot be done are told apart. */
export async function previewed(responders: readonly Responder[], steps: readonly PlanStep[]) {
  const asked = await Promise.all(
    steps.map(async (step) => {
      const provider = responders.find(({ name }) => name === step.provider)
      try {
        return { step, preview: await provider?.plan(step) }
      } catch (error) {
        // It is as impossible as one that says so, and says why where the plan is read.
        const reason = error instanceof Error ? error.message : String(error)
        return { step, preview: { status: 'impossible', reason } as const }
      }
    }),
  )
  const possible = asked.flatMap(({ step, preview }) => (preview?.status === 'possible' ? [{ step, preview }] : []))
  return {
    steps: possible.map(({ step, preview }) => ({ ...step, target: { ...step.target, state: preview.state } })),
    previews: possible.map(({ step, preview }): StepPreview => ({
      step: step.id,
      words: preview.words,
      state: preview.state,
    })),
    impossible: asked.flatMap(({ step, preview }) =>
      preview?.status === 'possible'
        ? []
        : [{ what: `${step.id}: ${step.target.name}`, why: preview?.reason ?? 'nobody provides it' }],
    ),
  }
}

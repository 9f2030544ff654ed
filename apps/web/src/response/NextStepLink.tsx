import type { Answer, StandingWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { responseStep } from './next-step.ts'

type NextStepLinkProps = {
  readonly incident: string
  readonly next: StandingWire['next'] | undefined
  readonly decided: Answer<'planIncident'> | undefined
}

/** Leads to the next step of the response, from where the head of the page is always in view. It does nothing itself. */
export function NextStepLink({ incident, next, decided }: NextStepLinkProps) {
  const { data } = useQuery(queries.plansOf(incident))
  const { data: whyNoPlan } = useQuery({ ...queries.whyNoPlan(incident), enabled: decided !== undefined })
  const step = responseStep(data?.items, { next, decided, whyNoPlan })
  if (step === undefined) return null
  return (
    <a href={step.href} className="button button-primary">
      {step.label}
    </a>
  )
}

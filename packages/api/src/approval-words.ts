import type { ResponseDecisionWire } from './ladder-routes.ts'

/** Who says yes to a step of the ladder, the same for everybody who shows it; what may go by itself does so by no person's plan. */
export function approvalWords({
  kind,
  roles,
}: Pick<ResponseDecisionWire['steps'][number]['approval'], 'kind' | 'roles'>): string {
  const people = roles.join(' and ')
  return kind === 'people'
    ? people
    : `${people} where a person makes the plan; nobody where the response policy lets it go by itself, which ${people} is told`
}

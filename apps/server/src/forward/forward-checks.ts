import { counted } from '@holdfast/model'
import type { FoundCheck } from '../doctor/found-check.ts'
import type { Forwarder, ForwardState } from './forwarder.ts'

/** For the doctor: whether what was accepted arrives where it is passed on to. Nothing where nothing is passed on. */
export function forwardChecks(forward: Pick<Forwarder, 'state'> | undefined): readonly FoundCheck[] {
  if (forward === undefined) return []
  const state = forward.state()
  const about = { id: 'forward-otlp', title: `telemetry passed on to ${state.to}` } as const
  const detail = [
    `${counted(state.delivered.requests, 'request')} passed on, ${state.waiting.requests} waiting`,
    ...lossesOf(state),
  ].join('; ')
  if (state.failing !== undefined)
    return [
      { ...about, status: 'FAIL', detail: `${detail}; the newest try: ${state.failing}`, remedy: remedyOf(state) },
    ]
  if (state.lost.size === 0 && state.rejectedThere === 0) return [{ ...about, status: 'PASS', detail }]
  return [
    {
      ...about,
      status: 'WARN',
      detail,
      remedy: 'all of it is in the log; docs/operating.md says what each count means',
    },
  ]
}

function lossesOf({ lost, rejectedThere }: ForwardState): readonly string[] {
  return [
    ...[...lost].map(
      ([why, { requests, records }]) => `${counted(requests, 'request')} of ${records} records lost: ${why}`,
    ),
    ...(rejectedThere === 0 ? [] : [`${counted(rejectedThere, 'record')} not taken there`]),
  ]
}

function remedyOf({ failing }: ForwardState): string {
  if (failing === 'answered 508') return 'the address leads back to this server: name another in --forward-otlp'
  if (failing === 'answered 401' || failing === 'answered 403')
    return 'mend the token in the file of --forward-otlp-headers, which is read at the start, and restart'
  return 'see that the endpoint runs and takes OTLP over HTTP at this address; what waits is tried again by itself'
}

import type { Accounts } from '../accounts/accounts.ts'
import { approverOf } from '../accounts/approver.ts'
import { callLater } from '../call-later.ts'
import { RunningConnectors } from '../connectors/running-connectors.ts'
import { Containments } from '../containment/containments.ts'
import { leastCompleteness } from '../containment/handlers.ts'
import { callerOfAccount, FOLDER_CALLER } from '../http/auth.ts'
import { ManagedPlatforms } from '../managed/managed-platforms.ts'
import { openPlatforms } from '../managed/open-platforms.ts'
import { IncidentWatch } from '../notices/incident-watch.ts'
import { proposedOf } from '../notices/proposed.ts'
import { StepWatch } from '../notices/step-watch.ts'
import { proxyResponder } from '../proxy/proxy-responder.ts'
import { collectorsOn, RunningResponse } from '../response/open-response.ts'
import { othersThan } from '../response/other-destinations.ts'
import { SENSOR, SensorResponder } from '../response/sensor-responder.ts'
import { Rosters } from '../roster/rosters.ts'
import { scopeOf } from '../scoping/response-scope.ts'
import { Skills } from '../skills/skills.ts'
import type { Accounting } from './accounting.ts'
import type { Casework } from './casework.ts'
import type { Intake } from './intake.ts'
import type { Spine } from './spine.ts'

/** What acts: holds in the kernel, plans over every system, skills, and what watches them. */
export type Acting = ReturnType<typeof openResponse>

type Given = Intake & Casework & Pick<Accounting, 'duties' | 'policies'> & { readonly accounts: Accounts }

/** Opens it, in the order in which one part needs another; the stack closes it the other way. */
export function openResponse(stack: AsyncDisposableStack, spine: Spine, given: Given) {
  const { recorder, reader, views, folder, connectors, gaps, clock, logger } = spine
  const { sensors, notices, matrix, systems, cases } = given
  const rosters = new Rosters({ recorder, reader, clock })
  const { containments, response } = containing(stack, spine, { ...given, rosters })
  const runningConnectors = stack.use(new RunningConnectors({ connectors: systems, recorder, logger }))
  const managed = stack.use(
    new ManagedPlatforms({
      platforms: openPlatforms(connectors.managed),
      recorder,
      reader,
      gaps,
      policy: () => spine.policy.current(),
      logger,
      now: Date.now,
    }),
  )
  sensors.link.onEnded((sensor, endings) => containments.noteEnded(sensor, endings))
  sensors.link.onConnected(() => response.isBack(SENSOR))
  const incidentWatch = stack.use(
    new IncidentWatch({
      views,
      notices,
      proposed: async (incident) => proposedOf((await response.situations.of(incident)).decision),
      clock,
      later: callLater,
      escalateAfterMs: connectors.escalation['after-minutes'] * 60_000,
      logger,
    }),
  )
  const stepWatch = stack.use(
    new StepWatch({
      recorder,
      reader,
      notices,
      matrix,
      incidentOf: ({ plan }) => incidentWatch.incidentOf(plan.agent),
      logger,
    }),
  )
  const skills = new Skills({
    recorder,
    reader,
    views,
    folder,
    cases,
    plans: response.plans,
    notices,
    rosters,
    sensors: sensors.link,
    clock,
  })
  return { rosters, containments, response, runningConnectors, managed, incidentWatch, stepWatch, skills }
}

function containing(stack: AsyncDisposableStack, spine: Spine, given: Given & { readonly rosters: Rosters }) {
  const { options, recorder, reader, views, clock, logger } = spine
  const {
    sensors,
    otlpHttp,
    otlpGrpc,
    proxyOrders,
    cases,
    book,
    systems,
    notices,
    duties,
    accounts,
    rosters,
    policies,
  } = given
  const containments = new Containments({
    recorder,
    reader,
    sensors: sensors.link,
    clock,
    completeness: (agent) => leastCompleteness(views, agent),
    onStep: (record) => {
      cases
        .noteContainment(record)
        .catch((error: unknown) => logger.error({ err: error }, 'a containment is not in the case of its agent'))
      response.noteContainment(record)
    },
  })
  const collectors = { host: options.host, ports: [otlpHttp.port, otlpGrpc.port] }
  const response: RunningResponse = stack.use(
    new RunningResponse({
      recorder,
      reader,
      views,
      cases,
      book,
      containments,
      approverNow: (name, agents) => {
        const account = accounts.named(name)
        const caller = name === FOLDER_CALLER.name ? FOLDER_CALLER : account && callerOfAccount(account)
        return caller && approverOf(caller, agents, rosters)
      },
      notices,
      scopeOf: ({ id }) => scopeOf(views)(id),
      dutiesOf: async (incident, hold) => duties.ofHold(incident, hold),
      responders: [
        new SensorResponder({
          sensors: sensors.link,
          containments,
          collectorsOf: (sensor) => collectorsOn(sensor, collectors),
          othersThan: (agent, shut) => {
            const now = new Date(Date.now()).toISOString()
            return othersThan({ views, state: policies.book.state }, { agent, shut, now })
          },
        }),
        proxyResponder(proxyOrders),
        ...systems,
      ],
      clock,
      onError: (error, what) => logger.error({ err: error }, what),
    }),
  )
  return { containments, response }
}

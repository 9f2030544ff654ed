import type { Answer, Sensor } from '@holdfast/api'
import { Remedy } from '../ui/Remedy.tsx'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Command } from '../ui/Copy.tsx'
import { plural } from '../ui/format.ts'
import { OneSensor } from '../ui/Sensors.tsx'
import { ErrorState, Loading } from '../ui/States.tsx'

/** What of this agent a kernel sensor sees, and what nobody sees and why, in words. */
export function SensorSight({ agent }: { readonly agent: string }) {
  const { data, error, refetch } = useQuery(queries.sensors())
  if (error !== null) return <ErrorState what="sensors" error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Loading what="the sensors" />
  const watching = data.items.filter(({ watched }) => watched.some((one) => one.agent === agent))
  if (watching.length === 0) return <Unwatched local={data.local} hasSensor={data.items.length > 0} />
  return (
    <div className="flex flex-col gap-4">
      {watching.map((sensor) => (
        <Watching key={`${sensor.id} ${sensor.start}`} sensor={sensor} agent={agent} />
      ))}
    </div>
  )
}

function Watching({ sensor, agent }: { readonly sensor: Sensor; readonly agent: string }) {
  const cgroups = sensor.watched.filter((one) => one.agent === agent)
  const plain = sensor.tls.filter(({ seen }) => seen.length > 0)
  return (
    <div className="flex flex-col gap-2">
      <p>
        {sensor.state === 'connected'
          ? 'Watched now'
          : `Its sensor is ${sensor.state}: what it does now is not heard yet`}
        , in {plural(cgroups.length, 'cgroup')}. Seen without its help: what it starts and with which arguments,
        sensitive files and every file it writes, where it connects and what it looks up, and attempts to leave its
        container.
      </p>
      <ul className="flex flex-col">
        {cgroups.map(({ path }) => (
          <li key={path}>
            <Untrusted text={path} className="mono text-faint" />
          </li>
        ))}
      </ul>
      {plain.length > 0 && (
        <p className="text-soft">
          Its TLS is read in plain text in{' '}
          <Untrusted text={plain.map(({ program }) => program).join(', ')} className="mono" />.
        </p>
      )}
      <OneSensor sensor={sensor} />
    </div>
  )
}

type UnwatchedProps = { readonly local: Answer<'listSensors'>['local']; readonly hasSensor: boolean }

const LOST: readonly string[] = [
  'the programs that it starts, and what those do',
  'the files that it reads and writes, but for what it says of them',
  'where it connects, and which names it looks up',
  'attempts to leave its container or to gain rights',
  'what it sends over TLS, where it has no telemetry of its own',
]

/** Nothing here is known from the kernel: what that loses, why it is so, and what would mend it. */
function Unwatched({ local: { state, obstacles }, hasSensor }: UnwatchedProps) {
  const canSee = hasSensor || state === 'running' || state === 'starting'
  return (
    <div className="flex flex-col gap-3">
      <p>
        {canSee
          ? 'No kernel sensor watches it now. What was seen while one did is below, and in its conversations.'
          : 'No kernel sensor can see it: all that is known of it is what it tells itself.'}
      </p>
      <div>
        <h3 className="eyebrow mb-1">Not seen</h3>
        <ul className="flex list-disc flex-col gap-0.5 pl-4">
          {LOST.map((what) => (
            <li key={what}>{what}</li>
          ))}
        </ul>
        <p className="mt-1 text-soft">It cannot be held in the kernel either: no rung but watch.</p>
      </div>
      <div className="flex flex-col gap-1.5">
        <h3 className="eyebrow">Why</h3>
        {state === 'off' && !hasSensor && (
          <p className="note note-warn">
            The sensor was turned off when the server was started (<span className="mono">--no-sensor</span>).
          </p>
        )}
        {canSee && <p className="note">It was not started under a watched cgroup. To have it seen:</p>}
        {state === 'off' && !hasSensor && <p className="text-soft">Start it without that, and the agent so:</p>}
        {(canSee || state === 'off') && <Command label="the command" text="npm run -s holdfast -- run -- CMD" />}
        {obstacles.map(({ detail, remedy }) => (
          <p key={detail} className="note note-bad">
            <Untrusted text={detail} />
            <span className="block">
              <Remedy text={remedy} label="the remedy" />
            </span>
          </p>
        ))}
      </div>
    </div>
  )
}

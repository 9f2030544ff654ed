import type { Sensor } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { formatCount, plural } from './format.ts'
import { ErrorState, Loading } from './States.tsx'
import { inertLine } from '../text/inert.ts'

/** The kernel sensors: what each sees, and by name what it cannot. */
export function Sensors() {
  const { data, error, refetch } = useQuery(queries.sensors())
  if (error !== null) return <ErrorState what="sensors" error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Loading what="the sensors" />
  const { local, items } = data
  return (
    <div className="flex flex-col gap-3">
      {items.length === 0 && (
        <p className="text-soft">
          No kernel sensor has been heard: processes, files and connections are known only as agents tell of them.
        </p>
      )}
      {local.obstacles.map(({ detail, remedy }) => (
        <p key={detail} className="note note-bad">
          <Untrusted text={detail} /> <Untrusted text={remedy} className="text-soft" />
        </p>
      ))}
      {items.map((sensor) => (
        <OneSensor key={`${sensor.id} ${sensor.start}`} sensor={sensor} />
      ))}
    </div>
  )
}

/** One sensor: whether it is heard, how much of it is attached, and by name what it cannot see. */
export function OneSensor({ sensor }: { readonly sensor: Sensor }) {
  const attached = sensor.programs.filter((program) => program.attached).length
  const absent = sensor.programs.filter((program) => !program.attached)
  const tls = sensor.tls.filter(({ unseen }) => unseen.length > 0)
  return (
    <article aria-label={`Sensor on ${inertLine(sensor.host)}`} className="flex flex-col gap-1">
      <h3 className="flex flex-wrap items-baseline gap-x-2">
        <Untrusted text={sensor.host} className="font-semibold" />
        <span className={`badge ${sensor.state === 'connected' ? 'badge-good' : 'badge-warn'}`}>{sensor.state}</span>
        <span className="text-faint">
          kernel <Untrusted text={sensor.kernel} />
        </span>
      </h3>
      <p className="text-soft">
        {formatCount(attached)} of {plural(sensor.programs.length, 'kernel program')} attached,{' '}
        {plural(sensor.watched.length, 'cgroup')} watched, {plural(sensor.records, 'record')} stored and{' '}
        {formatCount(sensor.lost)} lost since the server started
        {sensor.lastBatch !== undefined && (
          <>
            , the last <Time at={sensor.lastBatch} ago />
          </>
        )}
        .
      </p>
      {sensor.unseen.length + absent.length + tls.length > 0 && <h4 className="eyebrow">Not seen</h4>}
      <ul className="flex list-disc flex-col gap-0.5 pl-4">
        {sensor.unseen.map((sentence) => (
          <li key={sentence}>
            <Untrusted text={sentence} />
          </li>
        ))}
        {absent.map(({ name, error }) => (
          <li key={name}>
            kernel program <Untrusted text={name} className="mono" />
            {error !== undefined && (
              <>
                : <Untrusted text={error} />
              </>
            )}
          </li>
        ))}
        {tls.map(({ program, unseen }) => (
          <li key={program}>
            plain text of TLS of <Untrusted text={program} className="mono" />: <Untrusted text={unseen.join('; ')} />
          </li>
        ))}
      </ul>
    </article>
  )
}

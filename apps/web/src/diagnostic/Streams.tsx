import type { AttestationWire } from '@holdfast/api'
import { Untrusted } from '../text/Untrusted.tsx'
import { formatCount } from '../ui/format.ts'
import { Scrollable } from '../ui/Scrollable.tsx'
import { Table } from '../ui/Table.tsx'
import { TwinId } from '../ui/TwinId.tsx'
import { twinsOf } from '../ui/twins.ts'

type Stream = AttestationWire['streams'][number]

const STATES: Readonly<Record<Stream['state'], { readonly badge: string; readonly sign: string }>> = {
  whole: { badge: 'badge-good', sign: '✓' },
  gaps: { badge: 'badge-warn', sign: '◐' },
  silent: { badge: 'badge-bad', sign: '✕' },
}

/** A lane of 24 hours for each stream. */
export function Streams({ streams }: { readonly streams: readonly Stream[] }) {
  const twins = twinsOf(streams)
  return (
    <Scrollable label="Streams of the day">
      <Table
        cell="py-1 pr-4"
        columns={['Stream', 'Channel', 'State', { name: 'Entries', isNumber: true }, 'Hours of the day (UTC)']}
      >
        {streams.map(({ agent, name, channel, state, entries, hours, lastHeard }) => (
          <tr key={`${channel} ${agent}`}>
            <td className="py-1 pr-4">
              <Untrusted text={name} />
              <TwinId agent={agent} name={name} twins={twins} />
            </td>
            <td className="py-1 pr-4 text-soft">{channel}</td>
            <td className="py-1 pr-4">
              <span className={`badge ${STATES[state].badge}`}>
                <span aria-hidden="true">{STATES[state].sign}</span> {state}
              </span>
              {lastHeard !== undefined && <span className="block text-faint">heard last on {lastHeard}</span>}
            </td>
            <td className="tabular py-1 pr-4">{formatCount(entries)}</td>
            <td className="py-1">
              <Hours hours={hours} />
            </td>
          </tr>
        ))}
      </Table>
    </Scrollable>
  )
}

const WORDS = {
  '1': 'something came',
  '0': 'nothing came',
  '!': 'nothing came, as it did on every day before',
} as const

function Hours({ hours }: { readonly hours: string }) {
  const cells = hours.split('').map((sign, hour) => ({ sign, hour }))
  const came = cells.filter(({ sign }) => sign === '1').map(({ hour }) => hour)
  const late = cells.filter(({ sign }) => sign === '!').map(({ hour }) => hour)
  const label = `heard in ${came.length} hours${late.length > 0 ? `, missing from ${late.map((hour) => `${hour}:00`).join(', ')} UTC` : ''}`
  return (
    <svg viewBox="0 0 240 14" className="h-3.5 w-60" role="img" aria-label={label}>
      {cells.map(({ sign, hour }) => (
        <rect
          key={hour}
          x={hour * 10 + 1}
          y={sign === '1' ? 1 : 5}
          width="8"
          height={sign === '1' ? 12 : 4}
          rx="1"
          className={sign === '1' ? 'hour-heard' : sign === '!' ? 'hour-missing' : 'hour-quiet'}
        >
          <title>{`${hour}:00 UTC: ${WORDS[sign === '1' ? '1' : sign === '!' ? '!' : '0']}`}</title>
        </rect>
      ))}
    </svg>
  )
}

import { type Integrity, runwayWords } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { queries } from '../data/queries.ts'
import { Sensors } from '../ui/Sensors.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { Command } from '../ui/Copy.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { formatBytes, formatCount, formatDuration, plural } from '../ui/format.ts'
import { Fact, PageHead, Share } from '../ui/Page.tsx'
import { Scrollable } from '../ui/Scrollable.tsx'
import { Table } from '../ui/Table.tsx'
import { TwinId } from '../ui/TwinId.tsx'
import { twinsOf } from '../ui/twins.ts'
import { EntryPanel } from './EntryPanel.tsx'

const route = getRouteApi('/integrity')

/** Whether the record is whole: the log, its checkpoint, what is missing, and what would be missing next. */
export function IntegrityPage() {
  const { entry } = route.useSearch()
  const { data } = useSuspenseQuery(queries.integrity())
  return (
    <div data-scrolls="page" className="min-h-0 flex-1 overflow-auto">
      <PageHead
        tab="Integrity"
        title={headline(data)}
        actions={<CopyAs command="npm run -s holdfast -- log verify" value={data} api="/api/v1/integrity" />}
      >
        {data.policy === undefined ? (
          <span className="text-bad">No capture policy is in force, so nothing is stored.</span>
        ) : (
          <>
            Capture policy <Untrusted text={data.policy.name} className="font-medium" />: senders {data.policy.senders},
            content {data.policy.content}, credentials masked.
          </>
        )}
      </PageHead>
      <div className="grid items-start gap-4 p-4 xl:grid-cols-2">
        {entry !== undefined && <EntryPanel index={entry} size={data.size} />}
        <LogPanel data={data} />
        <div className="flex min-w-0 flex-col gap-4">
          <CountsPanel data={data} />
          {data.gaps.length === 0 && <NoGap />}
          <Panel title="Kernel sensors">
            <Sensors />
          </Panel>
        </div>
        {data.gaps.length > 0 && <GapsPanel data={data} />}
        <StreamsPanel streams={data.streams} />
      </div>
    </div>
  )
}

function headline({ gapsTotal, counts }: Integrity): string {
  if (counts.lost > 0) return `${plural(counts.lost, 'record')} lost, counted and in the log`
  if (gapsTotal > 0) return `Nothing lost; ${plural(gapsTotal, 'gap')} recorded`
  return 'Nothing lost, nothing missing that is known of'
}

function Panel({
  title,
  children,
  wide = false,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly wide?: boolean
}) {
  return (
    <section className={`panel flex min-w-0 flex-col gap-3 p-4 ${wide ? 'xl:col-span-2' : ''}`}>
      <h2 className="text-lg font-semibold">{title}</h2>
      {children}
    </section>
  )
}

function LogPanel({ data: { size, rootHash, checkpoint, checkpointAgeMs, publicKey } }: { readonly data: Integrity }) {
  return (
    <Panel title="The log">
      <dl className="grid grid-cols-2 gap-3">
        <Fact label="Entries">
          <span className="tabular text-lg font-semibold">{formatCount(size)}</span>
        </Fact>
        <Fact label="Last checkpoint">
          {checkpoint === undefined
            ? 'none yet'
            : `${checkpointAgeMs === undefined ? '' : `${formatDuration(checkpointAgeMs)} old, `}at ${formatCount(checkpoint.size)}${
                checkpoint.size < size ? `; ${plural(size - checkpoint.size, 'entry', 'entries')} after it` : ''
              }`}
        </Fact>
        <Fact label="Root of the Merkle tree (RFC 6962)" className="col-span-2">
          <code className="break-all">{rootHash}</code>
        </Fact>
      </dl>
      {checkpoint !== undefined && (
        <div>
          <h3 className="eyebrow mb-1">Signed note: keep a copy elsewhere, and a rollback is seen</h3>
          <Command text={checkpoint.note.trimEnd()} label="the signed checkpoint" />
        </div>
      )}
      <div>
        <h3 className="eyebrow mb-1">Verifier key</h3>
        <Command text={publicKey} label="the verifier key" />
      </div>
      <div>
        <h3 className="eyebrow mb-1">Check it yourself: every leaf of this server, recomputed in your terminal</h3>
        <Command text="npm run -s holdfast -- log verify" label="the command that verifies the log" />
      </div>
      <div>
        <h3 className="eyebrow mb-1">
          Check it without this server: stopped, on its data folder (.holdfast unless --data said another)
        </h3>
        <Command
          text="npm run -s holdfast -- log verify --data .holdfast"
          label="the command that verifies the stopped log"
        />
      </div>
    </Panel>
  )
}

function CountsPanel({ data: { counts, disk, projection } }: { readonly data: Integrity }) {
  const accounted = counts.stored + counts.refused + counts.lost
  const isEven = counts.received === accounted
  return (
    <Panel title="Received = stored + refused + lost">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-lg">
        <Number label="received" value={counts.received} />
        <span aria-hidden="true">{isEven ? '=' : '≠'}</span>
        <Number label="stored" value={counts.stored} />
        <span aria-hidden="true">+</span>
        <Number label="refused" value={counts.refused} />
        <span aria-hidden="true">+</span>
        <Number label="lost" value={counts.lost} />
      </p>
      <p className={isEven ? 'note' : 'note note-bad'}>
        {isEven
          ? 'Every record that arrived is accounted for.'
          : `${formatCount(Math.abs(counts.received - accounted))} records are not accounted for.`}
        {counts.duplicates > 0 && ` ${plural(counts.duplicates, 'record')} came twice and stored once.`}
      </p>
      <dl className="grid grid-cols-2 gap-3">
        <Fact label="On disk">
          {formatBytes(disk.logBytes)} log, of {formatBytes(disk.rawBytes)} received;{' '}
          {formatBytes(disk.projectionBytes)} projections, which are made anew of the log wherever they are gone
        </Fact>
        <Fact label="Disk runway">
          {runwayWords(disk)}; {formatBytes(disk.freeBytes)} free of {formatBytes(disk.totalBytes)}
        </Fact>
        <Fact label="Views behind the log">
          {projection.lag === 0 ? 'not at all' : plural(projection.lag, 'entry', 'entries')}
        </Fact>
      </dl>
    </Panel>
  )
}

function Number({ label, value }: { readonly label: string; readonly value: number }) {
  return (
    <span className="flex flex-col">
      <span className="tabular font-semibold">{formatCount(value)}</span>
      <span className="eyebrow">{label}</span>
    </span>
  )
}

function StreamsPanel({ streams }: { readonly streams: Integrity['streams'] }) {
  const twins = twinsOf(streams)
  return (
    <Panel title="Capture coverage by stream" wide>
      {streams.length === 0 ? (
        <p className="text-soft">
          No stream has been heard: point an agent here, and its coverage is stated from its first record.
        </p>
      ) : (
        <Scrollable label="Streams">
          <Table
            className="min-w-160"
            cell="py-1 pr-4"
            columns={[
              'Agent',
              'Channel',
              { name: 'Records', isNumber: true },
              { name: 'Understood', className: 'w-40' },
              { name: 'Content captured', className: 'w-40' },
              'Last recorded',
            ]}
          >
            {streams.map((stream) => (
              <tr key={`${stream.agent} ${stream.channel}`} className="border-t border-line">
                <td className="max-w-80 py-1.5 pr-4 font-medium break-words">
                  <Untrusted text={stream.name} />
                  <TwinId agent={stream.agent} name={stream.name} twins={twins} />
                </td>
                <td className="pr-4 text-soft">{stream.channel}</td>
                <td className="tabular pr-4">{formatCount(stream.entries)}</td>
                <td className="pr-4">
                  <Share share={stream.mappedShare} label="understood" />
                </td>
                <td className="pr-4">
                  <Share share={stream.captured} label="content captured" />
                </td>
                <td>
                  <Time at={stream.lastRecorded} ago />
                </td>
              </tr>
            ))}
          </Table>
        </Scrollable>
      )}
    </Panel>
  )
}

function NoGap() {
  return (
    <Panel title="Gaps">
      <p className="text-soft">
        No gap is recorded. Refusals, losses, crashes and clock steps each leave an entry in the log, and would be
        listed here.
      </p>
    </Panel>
  )
}

function GapsPanel({ data: { gaps, gapsTotal } }: { readonly data: Integrity }) {
  return (
    <Panel title="Gaps" wide>
      <p className="text-soft">
        {gaps.length < gapsTotal
          ? `Newest ${formatCount(gaps.length)} of ${formatCount(gapsTotal)}.`
          : `${formatCount(gapsTotal)} of ${formatCount(gapsTotal)}.`}
      </p>
      <Scrollable label="Gaps">
        <Table
          className="min-w-160"
          cell="py-1 pr-4"
          columns={[
            'Reason',
            'From',
            'To',
            { name: 'Records', isNumber: true },
            'Sender',
            'What happened',
            { name: 'Entry', isNumber: true },
          ]}
        >
          {gaps.map((gap) => (
            <tr key={gap.entry} className="hatched border-t border-line align-top">
              <td className="py-1.5 pr-4">
                <span className="badge badge-warn">{gap.reason}</span>
              </td>
              <td className="pr-4">
                <Time at={gap.from} />
              </td>
              <td className="pr-4">
                <Time at={gap.to} />
              </td>
              <td className="tabular pr-4">{gap.records === undefined ? 'unknown' : formatCount(gap.records)}</td>
              <td className="pr-4">
                <Untrusted text={gap.sender} /> <span className="text-faint">{gap.channel}</span>
              </td>
              <td className="pr-4">
                <Untrusted text={gap.detail} />
              </td>
              <td className="tabular mono">#{gap.entry}</td>
            </tr>
          ))}
        </Table>
      </Scrollable>
    </Panel>
  )
}

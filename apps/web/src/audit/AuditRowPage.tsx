import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { EventLink } from '../incidents/EventLink.tsx'
import { Proof } from '../inventory/Proof.tsx'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { PageHead } from '../ui/Page.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { Items } from './Items.tsx'
import { auditQueries } from './queries.ts'
import { RowAside } from './RowAside.tsx'
import { RowPackButton } from './RowPackButton.tsx'
import { Strip } from './Strip.tsx'
import { LAYER_NAMES, type Layer, type Row, STATE_BADGES, STATE_WORDS, SUBJECT_WORDS } from './words.ts'

const route = getRouteApi(paths.auditRow)

/** One row: what set it off, what stood in the context, what was called, what left, what the kernel saw, which rule it broke. */
export function AuditRowPage() {
  const { row: id } = route.useParams()
  const { data: row } = useSuspenseQuery(auditQueries.row(id))
  const { about, coverage } = row
  return (
    <>
      <PageHead
        tab={`Audit ${about.id}`}
        title={
          <span className="line-clamp-3 text-base md:line-clamp-2 md:text-xl">
            <Untrusted text={about.words} />
          </span>
        }
        actions={
          <>
            <CopyAs
              command={`npm run -s holdfast -- audit row ${shellWord(about.id)}`}
              value={row}
              api={`/api/v1/audit-rows/${encodeURIComponent(row.id)}`}
            />
            <RowPackButton row={row.id} />
          </>
        }
      >
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className={`badge ${about.kind === 'event' ? '' : 'badge-bad'}`}>{SUBJECT_WORDS[about.kind]}</span>
          <span className={`badge ${coverage.filled === coverage.expected ? 'badge-good' : 'badge-warn'}`}>
            {coverage.filled} of {coverage.expected} layers
          </span>
          <Time at={about.at} ago />
          {row.agents.slice(0, 3).map((agent) => (
            <Untrusted key={agent} text={agent} className="mono" />
          ))}
          <span className="mono text-faint">{row.id}</span>
        </span>
      </PageHead>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-4 py-4">
        <Strip row={row} />
        <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <Trigger row={row} />
            {row.layers.map((layer) => (
              <LayerPart key={layer.layer} row={row} layer={layer} />
            ))}
            <Rules row={row} />
          </div>
          <RowAside row={row} />
        </div>
      </div>
    </>
  )
}

function Section({
  id,
  title,
  badge,
  children,
}: {
  readonly id: string
  readonly title: string
  readonly badge?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section id={id} aria-label={title} className="panel flex flex-col gap-2 p-3">
      <h2 className="flex items-baseline gap-2 font-semibold">
        {title} {badge}
      </h2>
      {children}
    </section>
  )
}

function Trigger({ row }: { readonly row: Row }) {
  const { trigger, items, conversations } = row
  if (trigger === undefined)
    return (
      <Section id="trigger" title="Trigger">
        <p className="text-soft">nothing recorded leads to what set it off</p>
      </Section>
    )
  const { input } = trigger
  const brought = items.find(({ id }) => id === input?.broughtBy)
  const item = items.find(({ id }) => id === trigger.item)
  return (
    <Section
      id="trigger"
      title="Trigger"
      badge={
        trigger.bases.length > 0 ? (
          <span className="font-normal text-faint">joined by {[...new Set(trigger.bases)].join(', ')}</span>
        ) : undefined
      }
    >
      <Untrusted text={trigger.what} as="block" />
      {item !== undefined && <Proof entries={item.events.map(({ entry }) => entry)} />}
      {input !== undefined && (
        <div className="flex flex-col gap-1 border-l-2 border-line-strong pl-3">
          <h3 className="eyebrow">On the word of a text that came in</h3>
          <blockquote>
            <Untrusted text={input.quote} as="block" />
          </blockquote>
          <span className="flex flex-wrap items-baseline gap-x-3">
            {brought !== undefined && (
              <span>
                brought by <Untrusted text={brought.label} className="font-medium" />
              </span>
            )}
            {input.askedFor !== undefined && (
              <span>
                asked for <Untrusted text={input.askedFor} className="mono" />
              </span>
            )}
            <EventLink event={input.event} conversation={conversations[0] ?? ''} label="the text" />
            <Proof entries={[input.entry]} />
          </span>
        </div>
      )}
    </Section>
  )
}

function LayerPart({ row, layer }: { readonly row: Row; readonly layer: Layer }) {
  return (
    <Section
      id={layer.layer}
      title={LAYER_NAMES[layer.layer]}
      badge={
        <span className={`badge ${layer.isExpected ? STATE_BADGES[layer.state] : ''}`}>{STATE_WORDS[layer.state]}</span>
      }
    >
      <p className="text-soft">
        <Untrusted text={layer.reason} />
      </p>
      <Items row={row} ids={layer.items} />
    </Section>
  )
}

function Rules({ row: { violations, allowed = [] } }: { readonly row: Row }) {
  return (
    <Section id="rule" title="Violated rule">
      {violations.length === 0 && <p className="text-soft">no policy that was in force then denies what was done</p>}
      <Rulings of={violations} badge={(mode) => (mode === 'enforce' ? 'badge-bad' : 'badge-warn')} />
      {allowed.length > 0 && <h3 className="mt-2 font-medium">What left was let through by</h3>}
      <Rulings of={allowed} badge={() => ''} />
    </Section>
  )
}

type RulingsProps = {
  readonly of: Row['violations']
  readonly badge: (mode: Row['violations'][number]['mode']) => string
}

/** Lines of policies, each with what it says of which act. */
function Rulings({ of, badge }: RulingsProps) {
  return (
    <ul className="flex flex-col gap-1">
      {of.map(({ event, artifact, pointer, what, mode, kind, entry }) => (
        <li key={`${event} ${artifact}`} className="flex flex-wrap items-baseline gap-x-2">
          <span className={`badge ${badge(mode)}`}>{mode}</span>
          <Untrusted text={what} className="font-medium" />
          <span className="text-faint">{kind}</span>
          <Untrusted text={pointer} className="mono" />
          <Link to={paths.policy} params={{ artifact }} className="link mono">
            {artifact.slice(0, 16)}
          </Link>
          <Proof entries={[entry]} />
        </li>
      ))}
    </ul>
  )
}

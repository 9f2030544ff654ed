import type { BomWire } from '@holdfast/api'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { plural } from '../ui/format.ts'
import { shellWord } from '../ui/shell-quote.ts'
import { Loading } from '../ui/States.tsx'
import { BomTable } from './BomTable.tsx'
import { ChangeTable } from './ChangeTable.tsx'
import { CsvLink } from './CsvLink.tsx'
import { Findings } from './Findings.tsx'
import { bomCsv } from './inventory-csv.ts'
import { RiskTable } from './RiskTable.tsx'
import { HandleStrip } from './HandleStrip.tsx'
import { TimeHandle } from './TimeHandle.tsx'

const route = getRouteApi(paths.agentInventory)

/** What an agent is made of at an instant, and what changed since another. */
export function InventoryTab() {
  const { agent } = route.useParams()
  const { at, since, by } = route.useSearch()
  const { data: bom } = useSuspenseQuery(queries.bom(agent, { at, by }))
  const navigate = useNavigate()
  const go = (search: { readonly at: string | undefined; readonly since: string | undefined }): void =>
    void navigate({ to: paths.agentInventory, params: { agent }, search, replace: true })
  const instant = at === undefined ? '' : ` --at ${at}`
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-auto p-4 *:shrink-0">
      <div className="flex flex-wrap items-end gap-x-5 gap-y-3">
        <TimeHandle label="As of (UTC)" none="now" value={at} onChange={(next) => go({ at: next, since })} />
        <TimeHandle
          label="Compare with (UTC)"
          none="nothing"
          value={since}
          onChange={(next) => go({ at, since: next })}
        />
        <span className="ml-auto flex gap-2">
          <CsvLink name={`inventory-${agent}`} text={() => bomCsv(bom)} />
          <CopyAs
            command={`npm run -s holdfast -- bom show ${shellWord(agent)}${instant}`}
            value={bom}
            api={`/api/v1/agents/${encodeURIComponent(agent)}/bom${at === undefined ? '' : `?at=${at}`}`}
          />
        </span>
      </div>
      <HandleStrip agent={agent} at={at} since={since} onChange={go} />
      <About bom={bom} />
      {since !== undefined && <Changes agent={agent} since={since} at={at} />}
      <Findings findings={bom.findings} />
      <BomTable bom={bom} />
      <RiskTable agent={agent} />
    </div>
  )
}

function About({ bom }: { readonly bom: BomWire }) {
  const parts = bom.categories.reduce((sum, { rows }) => sum + rows.length, 0)
  return (
    <p className="flex max-w-5xl flex-wrap gap-x-4 gap-y-1 text-soft">
      <span>{plural(parts, 'part')}</span>
      <span>
        class <span className="font-semibold">{bom.class}</span>: <Untrusted text={bom.classReasons.join('; ')} />
      </span>
      <span>
        starting baseline <span className="mono">{bom.baseline.slice(0, 12)}</span>
      </span>
      {bom.documents.map(({ document, since }) => (
        <span key={document}>
          declared in <Untrusted text={document} className="mono" /> since <Time at={since} />
        </span>
      ))}
    </p>
  )
}

function Changes({
  agent,
  since,
  at,
}: {
  readonly agent: string
  readonly since: string
  readonly at: string | undefined
}) {
  const { data, error } = useQuery(queries.bomDiff(agent, { from: since, to: at }))
  if (error !== null) return <p className="text-soft">The change cannot be shown: {error.message}</p>
  return data === undefined ? <Loading what="what changed" /> : <ChangeTable changes={data.changes} />
}

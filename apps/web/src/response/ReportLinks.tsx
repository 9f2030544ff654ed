import { download } from '../data/client.ts'
import { DeedState } from './Deeds.tsx'
import { useDeed } from './use-deed.ts'

const FORMS = [
  ['getReportHtml', 'html', 'Report (HTML)'],
  ['getReportMarkdown', 'md', 'Report (Markdown)'],
  ['getReportJson', 'json', 'Report (JSON)'],
  ['getLenses', 'lenses.json', 'Lenses of regulators (JSON)'],
] as const

/** Saves the report of an incident. Reading it is on record, which is why nothing is fetched before it is asked for. */
export function ReportLinks({ incident }: { readonly incident: string }) {
  const deed = useDeed()
  const file = incident.replace(/[^\w.-]+/g, '_')
  return (
    <section aria-label="Reports" className="panel flex flex-wrap items-center gap-2 p-3">
      <h2 className="font-semibold">Reports</h2>
      {FORMS.map(([route, ending, label]) => (
        <button
          key={route}
          type="button"
          className="button"
          disabled={deed.isBusy}
          onClick={() =>
            deed.run(`${label} saved; that you read it is on record`, () =>
              download(route, { params: { incident }, fileName: `${file}.${ending}` }),
            )
          }
        >
          {label}
        </button>
      ))}
      <DeedState deed={deed} />
    </section>
  )
}

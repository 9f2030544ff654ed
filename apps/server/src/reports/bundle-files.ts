import { canonicalJson } from '@holdfast/model'
import type { BundleSeal } from '@holdfast/recorder'
import { pageOf, toHtml, toMarkdown, toOcsf, toStix } from '@holdfast/respond'
import type { CustodyLine } from './deeds.ts'
import type { LensReading } from './lens-reading.ts'
import type { LensesLeftOut, MadeReport } from './reports.ts'

/** What the bundle of an incident has beside the records themselves. */
export type BundleAdditions = {
  readonly files: readonly (readonly [name: string, text: string])[]
  /** Entries that the custody log rests on. */
  readonly entries: readonly number[]
  readonly seals: readonly BundleSeal[]
}

/** The report in three forms, the three lenses, custody log, STIX and OCSF; and the seals that the evidence lay under. */
export function bundleAdditions(
  { report, reading }: MadeReport,
  { own, lenses }: { readonly own: CustodyLine; readonly lenses: LensReading | LensesLeftOut },
): BundleAdditions {
  const custody = [...reading.custody.filter(({ entry }) => entry !== own.entry), own].toSorted(
    (a, b) => a.entry - b.entry,
  )
  const page = pageOf(report)
  return {
    files: [
      // In the place of what the worker concluded, which knows neither cases nor holds.
      ['incident.json', JSON.stringify(reading.incident)],
      ['report.json', JSON.stringify(report)],
      ['report.md', toMarkdown(page)],
      ['report.html', toHtml(page)],
      // Held by the verifier against the entries that it names.
      ['custody.json', `${canonicalJson(custody)}\n`],
      ['lenses.json', JSON.stringify(lenses)],
      ['stix.json', JSON.stringify(toStix(report, reading.observables))],
      ['ocsf.json', JSON.stringify(toOcsf(report))],
    ],
    entries: custody.map(({ entry }) => entry),
    seals: report.integrity.seals.toSorted((a, b) => a.size - b.size),
  }
}

/** What can be annotated. */
export const ANNOTATION_SUBJECTS = [
  'incident',
  'agent',
  'conversation',
  'event',
  'entry',
  'finding',
  'policy',
  'change',
] as const

export type AnnotationSubject = (typeof ANNOTATION_SUBJECTS)[number]

/** `note`: words of a person. `pin`: something that is kept in sight. `bookmark`: a place to come back to. */
export const ANNOTATION_TYPES = ['note', 'pin', 'bookmark'] as const

export type AnnotationType = (typeof ANNOTATION_TYPES)[number]

/** Where in its subject an annotation stands. */
export type AnnotationPlace = {
  readonly event?: string
  /** Id of a node of an execution graph. */
  readonly node?: string
  /** An instant that is meant, RFC 3339. */
  readonly at?: string
  /** Path and query of the workspace that show it: `/conversations/c?view=tree`. */
  readonly path?: string
}

/**
 * What a person wrote beside what was recorded. It is saved as it is typed: a later record of the same id replaces the text, and
 * `removed` takes it out of sight. Nothing of it is evidence, and all of it is in the log.
 */
export type AnnotationRecord =
  | {
      readonly do: 'set'
      /** Chosen by who wrote it, so that a save that is sent again is the same one. */
      readonly annotation: string
      readonly type: AnnotationType
      readonly subject: { readonly kind: AnnotationSubject; readonly id: string }
      readonly place?: AnnotationPlace
      readonly text: string
      /** Counts from 1; a save with a lower number than the one that is kept came too late. */
      readonly edit: number
      readonly by: string
    }
  | { readonly do: 'removed'; readonly annotation: string; readonly by: string }

import type { Caller } from '../http/auth.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Annotations, Writer } from './annotations.ts'

type AnnotationRoute = 'listAnnotations' | 'putAnnotation' | 'removeAnnotation'

/** Notes, pins and bookmarks. */
export function annotationHandlers(annotations: Annotations): Pick<Handlers, AnnotationRoute> {
  return {
    listAnnotations: ({ query }) => annotations.list(query),
    putAnnotation: ({ params, body, caller }) => annotations.save(params.annotation, body, writerOf(caller)),
    removeAnnotation: ({ params, caller }) => annotations.remove(params.annotation, writerOf(caller)),
  }
}

function writerOf({ name, role }: Caller): Writer {
  return { name, isAdmin: role === 'admin' }
}

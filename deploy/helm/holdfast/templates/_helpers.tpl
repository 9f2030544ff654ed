{{- define "holdfast.name" -}}
{{- .Values.nameOverride | default "holdfast" | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough for the longest suffix that a name of ours gets. */}}
{{- define "holdfast.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "holdfast.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "holdfast.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "holdfast.selector" -}}
app.kubernetes.io/name: {{ include "holdfast.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "holdfast.labels" -}}
{{ include "holdfast.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: holdfast
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "holdfast.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "holdfast.serviceAccount" -}}
{{- if .Values.response.enabled -}}
{{ include "holdfast.fullname" . }}-response
{{- else -}}
{{ include "holdfast.fullname" . }}
{{- end -}}
{{- end -}}

{{- define "holdfast.ingestSecret" -}}
{{- .Values.ingest.existingSecret | default (printf "%s-ingest" (include "holdfast.fullname" .)) -}}
{{- end -}}

{{/* A port of the server on the loopback of its Pod, by the setting's name. */}}
{{- define "holdfast.port" -}}
{{- $defaults := dict "http-port" 4319 "otlp-http-port" 4318 "otlp-grpc-port" 4317 -}}
{{- index .root.Values.settings .name | default (index $defaults .name) -}}
{{- end -}}

{{- define "holdfast.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "holdfast.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end -}}

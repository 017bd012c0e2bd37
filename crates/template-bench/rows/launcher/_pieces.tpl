{{- define "pieces.instance" -}}
{{- with .Job.instanceId }}
launcher-instance-id: {{ . | quote }}
{{- end }}
{{- end }}

{{- define "pieces.labels" -}}
app.kubernetes.io/managed-by: launcher
{{- include "pieces.instance" . }}
job-user: {{ .Job.user | lower | replace "." "-" | trunc 63 | trimSuffix "-" | quote }}
{{- end }}

{{- define "pieces.environment" -}}
{{- range . }}
- name: {{ .name | quote }}
  value: {{ .value | default "" | quote }}
{{- end }}
{{- end }}

{{- define "pieces.quantity" -}}
{{- $amount := .amount | float64 -}}
{{- if eq .unit "M" -}}
{{- printf "%.0fM" $amount -}}
{{- else -}}
{{- printf "%g" $amount -}}
{{- end -}}
{{- end }}

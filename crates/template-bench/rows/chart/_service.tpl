{{- define "chart.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "chart.fullname" .root }}-{{ .service.name }}
  labels:
    {{- include "chart.labels" . | nindent 4 }}
spec:
  type: {{ .service.type | default "ClusterIP" }}
  selector:
    {{- include "chart.selector" . | nindent 4 }}
  ports:
    {{- range .service.ports }}
    - {{ include "chart.port" . | nindent 6 | trim }}
    {{- end }}
{{- end }}

{{- define "chart.port" -}}
name: {{ .name }}
port: {{ .port }}
targetPort: {{ .target | default .port }}
{{- end }}

{{- define "chart.deployment" -}}
{{- $values := .root.Values -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "chart.fullname" .root }}-{{ .service.name }}
  labels:
    {{- include "chart.labels" . | nindent 4 }}
  annotations:
    example.com/address: {{ tpl $values.address . | quote }}
spec:
  replicas: {{ .service.replicas | default 1 }}
  selector:
    matchLabels:
      {{- include "chart.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "chart.labels" . | nindent 8 }}
    spec:
      containers:
        - name: {{ .service.name }}
          image: "{{ $values.image.registry }}/{{ .service.name }}:{{ .service.tag | default .root.Chart.AppVersion }}"
          env:
            {{- range $key, $value := $values.environment }}
            - name: {{ $key | upper | replace "-" "_" }}
              value: {{ tpl $value $ | quote }}
            {{- end }}
          {{- with .service.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
{{- end }}

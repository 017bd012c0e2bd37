# Version: 2.5.0
apiVersion: v1
kind: Service
metadata:
  name: {{ toYaml .Job.serviceName }}
  labels:
    job-name: {{ toYaml .Job.id }}
    {{- include "pieces.labels" . | nindent 4 }}
  {{- with .Job.metadata.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ .Job.metadata.service.type | default "NodePort" }}
  selector:
    job-name: {{ toYaml .Job.id }}
  ports:
    {{- range $i, $port := .Job.exposedPorts }}
    {{- if not $port.publishedPort }}
    - name: port{{ $i }}
      protocol: {{ $port.protocol | default "TCP" }}
      port: {{ $port.targetPort }}
      targetPort: {{ $port.targetPort }}
    {{- end }}
    {{- end }}

# Version: 1
{{- /*
  The Service of a Launcher job that exposes ports without choosing the published ones. It is made when the Job has its name.

  `job-name` is the label by which Kubernetes marks the pods of a Job: the Service selects by it, and the Launcher finds the
  Service by it. The name follows from the Job's, so that there is never a second one.
*/}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .Job.serviceName | quote }}
  labels:
    app.kubernetes.io/managed-by: launcher
    {{- with .Job.instanceId }}
    launcher-instance-id: {{ . | quote }}
    {{- end }}
    job-name: {{ .Job.id | quote }}
    {{- range $key, $val := .Job.metadata.service.labels }}
    {{ $key | quote }}: {{ $val | quote }}
    {{- end }}
  {{- with .Job.metadata.service.annotations }}
  annotations:
    {{- range $key, $val := . }}
    {{ $key | quote }}: {{ $val | quote }}
    {{- end }}
  {{- end }}
spec:
  type: NodePort
  selector:
    job-name: {{ .Job.id | quote }}
  ports:
    {{- $number := 0 }}
    {{- range .Job.exposedPorts }}
    {{- if not .publishedPort }}
    - name: port{{ $number }}
      protocol: {{ .protocol | quote }}
      port: {{ .targetPort }}
      targetPort: {{ .targetPort }}
    {{- $number = add1 $number }}
    {{- end }}
    {{- end }}

# Version: 1
{{- /*
  The Kubernetes Job of a Launcher job.

  Everything that comes from the user stands between quotes (`quote`), is JSON made from data (`toJson`), or is a number: so
  nothing that a user writes can change the shape of this object. Keep it so.

  `verbatim` doubles what Kubernetes would replace: `$(NAME)` and `$$`. `yamlEscape` escapes in JSON what YAML does not take.

  You may add fields. Those that are here are needed: by the Launcher, to find its jobs again after a restart, and by the
  users, who expect what they asked for. `--validate-templates` tells what each is for.
*/}}
apiVersion: batch/v1
kind: Job
metadata:
  generateName: {{ .Job.generateName | quote }}
  labels:
    app.kubernetes.io/managed-by: launcher
    {{- with .Job.instanceId }}
    launcher-instance-id: {{ . | quote }}
    {{- end }}
    {{- range $key, $val := .Job.metadata.job.labels }}
    {{ $key | quote }}: {{ $val | quote }}
    {{- end }}
  {{- with .Job.metadata.job.annotations }}
  annotations:
    {{- range $key, $val := . }}
    {{ $key | quote }}: {{ $val | quote }}
    {{- end }}
  {{- end }}
spec:
  {{- /* A session that fails is not started again behind its user's back. */}}
  backoffLimit: 0
  template:
    metadata:
      labels:
        app.kubernetes.io/managed-by: launcher
        {{- with .Job.instanceId }}
        launcher-instance-id: {{ . | quote }}
        {{- end }}
        {{- range $key, $val := .Job.metadata.pod.labels }}
        {{ $key | quote }}: {{ $val | quote }}
        {{- end }}
      annotations:
        {{- /* What cannot be read from the pod itself: the Launcher reads it here after a restart. */}}
        user: {{ .Job.user | quote }}
        name: {{ .Job.name | quote }}
        stdin: {{ .Job.stdin | quote }}
        service_ports: {{ .Job.servicePortsJson | quote }}
        {{- with .Job.userMetadataJson }}
        user_metadata: {{ . | quote }}
        {{- end }}
        {{- range $index, $tag := .Job.tags }}
        USER_TAG_{{ $index }}: {{ $tag | quote }}
        {{- end }}
        {{- range $key, $val := .Job.metadata.pod.annotations }}
        {{ $key | quote }}: {{ $val | quote }}
        {{- end }}
    spec:
      restartPolicy: Never
      {{- /* So that stop and kill reach every process of a job. */}}
      shareProcessNamespace: {{ .Job.shareProcessNamespace }}
      {{- with .Job.serviceAccountName }}
      serviceAccountName: {{ . | quote }}
      {{- end }}
      {{- with .Job.host }}
      nodeName: {{ . | quote }}
      {{- end }}
      {{- with .Job.placementConstraints }}
      nodeSelector:
        {{- range . }}
        {{ .name | quote }}: {{ .value | quote }}
        {{- end }}
      {{- end }}
      {{- $securityContext := dict }}
      {{- if not (kindIs "invalid" .Job.container.runAsUser) }}
      {{- $_ := set $securityContext "runAsUser" .Job.container.runAsUser }}
      {{- end }}
      {{- if not (kindIs "invalid" .Job.container.runAsGroup) }}
      {{- $_ := set $securityContext "runAsGroup" .Job.container.runAsGroup }}
      {{- end }}
      {{- with .Job.container.supplementalGroupIds }}
      {{- $_ := set $securityContext "supplementalGroups" (toJson .) }}
      {{- end }}
      {{- if $securityContext }}
      securityContext:
        {{- range $key, $val := $securityContext }}
        {{ $key }}: {{ $val }}
        {{- end }}
      {{- end }}
      {{- with .Job.volumes }}
      volumes: {{ toJson . | yamlEscape }}
      {{- end }}
      {{- if or .Job.initContainers .Job.metadata.pod.initContainers }}
      initContainers:
        {{- range .Job.initContainers }}
        - name: {{ .name | quote }}
          image: {{ .image | quote }}
          {{- if .command }}
          command: ["/bin/sh"]
          args: ["-c", {{ .shellCommand | verbatim | quote }}]
          {{- else }}
          {{- with .exe }}
          command: [{{ . | verbatim | quote }}]
          {{- end }}
          {{- with .args }}
          args:
            {{- range . }}
            - {{ . | verbatim | quote }}
            {{- end }}
          {{- end }}
          {{- end }}
          {{- with .environment }}
          env:
            {{- range . }}
            - name: {{ .name | quote }}
              value: {{ .value | verbatim | quote }}
            {{- end }}
          {{- end }}
          {{- with .volumeMounts }}
          volumeMounts: {{ toJson . | yamlEscape }}
          {{- end }}
        {{- end }}
        {{- range .Job.metadata.pod.initContainers }}
        - {{ toJson . | yamlEscape }}
        {{- end }}
      {{- end }}
      containers:
        {{- /* The Launcher finds the job's own container by its name. Others may stand before or after it. */}}
        - name: rs-launcher-container
          image: {{ .Job.container.image | quote }}
          {{- if .Job.command }}
          command: ["/bin/sh"]
          args: ["-c", {{ .Job.shellCommand | verbatim | quote }}]
          {{- else }}
          {{- with .Job.exe }}
          command: [{{ . | verbatim | quote }}]
          {{- end }}
          {{- with .Job.args }}
          args:
            {{- range . }}
            - {{ . | verbatim | quote }}
            {{- end }}
          {{- end }}
          {{- end }}
          {{- with .Job.workingDirectory }}
          workingDir: {{ . | quote }}
          {{- end }}
          {{- $secrets := list }}
          {{- range .Job.config }}
          {{- if and (eq .name "secret") .value }}
          {{- $secrets = append $secrets (splitn ":" 3 .value) }}
          {{- end }}
          {{- end }}
          {{- if or .Job.environment $secrets }}
          env:
            {{- range .Job.environment }}
            - name: {{ .name | quote }}
              value: {{ .value | verbatim | quote }}
            {{- end }}
            {{- /* name of a Secret, key in it, name of the variable */}}
            {{- range $secrets }}
            - name: {{ ._2 | trim | quote }}
              valueFrom:
                secretKeyRef:
                  name: {{ ._0 | trim | quote }}
                  key: {{ ._1 | trim | quote }}
            {{- end }}
          {{- end }}
          {{- $published := list }}
          {{- range .Job.exposedPorts }}
          {{- if .publishedPort }}
          {{- $published = append $published . }}
          {{- end }}
          {{- end }}
          {{- /* Ports without a published one get a Service: see service.tpl. */}}
          {{- with $published }}
          ports:
            {{- range . }}
            - containerPort: {{ .targetPort }}
              hostPort: {{ .publishedPort }}
              protocol: {{ .protocol | quote }}
            {{- end }}
          {{- end }}
          {{- $limits := dict }}
          {{- $requests := dict }}
          {{- range .Job.resourceLimits }}
          {{- if eq .type "cpuCount" }}
          {{- $_ := set $limits "cpu" .value }}
          {{- if and (lt $.Job.cpuRequestRatio 1.0) (not (hasKey $requests "cpu")) }}
          {{- $_ := set $requests "cpu" (mulf .value 1000 $.Job.cpuRequestRatio | maxf 1 | printf "%.0fm") }}
          {{- end }}
          {{- else if eq .type "memory" }}
          {{- $_ := set $limits "memory" (print .value "M") }}
          {{- if and (lt $.Job.memoryRequestRatio 1.0) (not (hasKey $requests "memory")) }}
          {{- $_ := set $requests "memory" (mulf .value 1000000 $.Job.memoryRequestRatio | maxf 1 | printf "%.0f") }}
          {{- end }}
          {{- else if eq .type "NVIDIA GPUs" }}
          {{- $_ := set $limits "nvidia.com/gpu" .value }}
          {{- else if eq .type "AMD GPUs" }}
          {{- $_ := set $limits "amd.com/gpu" .value }}
          {{- else if eq .type "CPU Request" }}
          {{- $_ := set $requests "cpu" .value }}
          {{- else if eq .type "Memory Request" }}
          {{- $_ := set $requests "memory" (print .value "M") }}
          {{- end }}
          {{- end }}
          {{- if or $limits $requests }}
          resources:
            {{- with $limits }}
            limits:
              {{- range $key, $val := . }}
              {{ $key }}: {{ $val | quote }}
              {{- end }}
            {{- end }}
            {{- with $requests }}
            requests:
              {{- range $key, $val := . }}
              {{ $key }}: {{ $val | quote }}
              {{- end }}
            {{- end }}
          {{- end }}
          {{- if or .Job.container.capabilitiesAdd .Job.container.capabilitiesDrop }}
          securityContext:
            capabilities:
              {{- with .Job.container.capabilitiesAdd }}
              add: {{ toJson . }}
              {{- end }}
              {{- with .Job.container.capabilitiesDrop }}
              drop: {{ toJson . }}
              {{- end }}
          {{- end }}
          {{- with .Job.volumeMounts }}
          volumeMounts: {{ toJson . | yamlEscape }}
          {{- end }}
          {{- /* The Launcher attaches once, writes the job's standard input, and closes it. */}}
          stdin: {{ not (empty .Job.stdin) }}
          {{- if .Job.stdin }}
          stdinOnce: true
          {{- end }}

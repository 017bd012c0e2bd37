# Version: 2.5.0
{{- /*
  A job of a Launcher as a Kubernetes Job. Everything that a job can ask for has its place here:
  tags, environment, secrets, mounts, ports, limits, users, constraints, side-cars.
*/ -}}
{{- $job := .Job }}
{{- $limits := dict }}
{{- $requests := dict }}
{{- range $job.resourceLimits }}
{{- if and .value (ne (.value | toString) "0") }}
{{- if eq .type "cpuCount" }}
{{- $_ := set $limits "cpu" (include "pieces.quantity" (dict "amount" .value "unit" "")) }}
{{- if lt $job.cpuRequestRatio 1.0 }}
{{- $_ := set $requests "cpu" (mulf .value $job.cpuRequestRatio | toString) }}
{{- end }}
{{- else if eq .type "memory" }}
{{- $_ := set $limits "memory" (include "pieces.quantity" (dict "amount" .value "unit" "M")) }}
{{- if lt $job.memoryRequestRatio 1.0 }}
{{- $_ := set $requests "memory" (printf "%.2fM" (mulf .value $job.memoryRequestRatio)) }}
{{- end }}
{{- else if eq .type "CPU Request" }}
{{- $_ := set $requests "cpu" (toString .value) }}
{{- else if eq .type "Memory Request" }}
{{- $_ := set $requests "memory" (printf "%vM" .value) }}
{{- else if eq .type "NVIDIA GPUs" }}
{{- $_ := set $limits "nvidia.com/gpu" (toString .value) }}
{{- else if eq .type "AMD GPUs" }}
{{- $_ := set $limits "amd.com/gpu" (toString .value) }}
{{- end }}
{{- end }}
{{- end }}
apiVersion: batch/v1
kind: Job
metadata:
  generateName: {{ toYaml $job.generateName }}
  labels:
    {{- include "pieces.labels" . | nindent 4 }}
    {{- range $key, $value := $job.metadata.job.labels }}
    {{ $key }}: {{ toYaml $value }}
    {{- end }}
  annotations:
    cluster: {{ toYaml $job.cluster }}
    {{- range $key, $value := $job.metadata.job.annotations }}
    {{ $key }}: {{ toYaml $value }}
    {{- end }}
spec:
  backoffLimit: 0
  {{- if $job.metadata.job.ttlSecondsAfterFinished }}
  ttlSecondsAfterFinished: {{ $job.metadata.job.ttlSecondsAfterFinished }}
  {{- end }}
  template:
    metadata:
      generateName: {{ toYaml $job.generateName }}
      labels:
        {{- include "pieces.labels" . | nindent 8 }}
        {{- range $key, $value := $job.metadata.pod.labels }}
        {{ $key }}: {{ toYaml $value }}
        {{- end }}
      annotations:
        user: {{ toYaml $job.user }}
        name: {{ toYaml $job.name }}
        {{- if $job.stdin }}
        stdin: {{ toYaml $job.stdin | indent 8 | trimPrefix (repeat 8 " ") }}
        {{- end }}
        service_ports: {{ toYaml $job.servicePortsJson }}
        user_metadata: {{ toJson $job.metadata | toYaml | indent 8 | trimPrefix (repeat 8 " ") }}
        {{- range $i, $tag := $job.tags }}
        USER_TAG_{{ $i }}: {{ toYaml $tag | indent 8 | trimPrefix (repeat 8 " ") }}
        {{- end }}
        {{- range $key, $value := $job.metadata.pod.annotations }}
        {{ $key }}: {{ toYaml $value }}
        {{- end }}
    spec:
      automountServiceAccountToken: false
      restartPolicy: Never
      {{- if $job.serviceAccountName }}
      serviceAccountName: {{ toYaml $job.serviceAccountName }}
      {{- end }}
      {{- if $job.shareProcessNamespace }}
      shareProcessNamespace: true
      {{- end }}
      {{- if $job.host }}
      nodeName: {{ toYaml $job.host }}
      {{- end }}
      {{- if $job.placementConstraints }}
      nodeSelector:
        {{- range $job.placementConstraints }}
        {{ .name }}: {{ toYaml .value }}
        {{- end }}
      {{- end }}
      {{- with $job.metadata.pod.tolerations }}
      tolerations:
        {{- range . }}
        - key: {{ .key }}
          operator: {{ .operator | default "Equal" }}
          {{- if .value }}
          value: {{ .value | quote }}
          {{- end }}
          effect: {{ .effect | default "NoSchedule" }}
        {{- end }}
      {{- end }}
      {{- $securityContext := dict }}
      {{- if $job.container.runAsUserId }}
      {{- $_ := set $securityContext "runAsUser" $job.container.runAsUserId }}
      {{- end }}
      {{- if $job.container.runAsGroupId }}
      {{- $_ := set $securityContext "runAsGroup" $job.container.runAsGroupId }}
      {{- end }}
      {{- if $job.container.supplementalGroupIds }}
      {{- $groups := list }}
      {{- range $job.container.supplementalGroupIds }}
      {{- $groups = append $groups . }}
      {{- end }}
      {{- $_ := set $securityContext "supplementalGroups" (concat $groups (list 100)) }}
      {{- end }}
      {{- if $securityContext }}
      securityContext:
        {{- range $key, $value := $securityContext }}
        {{ $key }}: {{ toJson $value }}
        {{- end }}
      {{- end }}
      {{- with $job.metadata.pod.imagePullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ toYaml . }}
        {{- end }}
      {{- end }}
      {{- if or $job.initContainers $job.metadata.pod.initContainers }}
      initContainers:
        {{- range $job.initContainers }}
        - name: {{ toYaml .name }}
          image: {{ toYaml .image }}
          {{- if .command }}
          command: ["/bin/sh"]
          args: ["-c", {{ toJson .command }}]
          {{- else }}
          command: [{{ toJson .exe }}]
          args:
            {{- range .args }}
            - {{ toYaml . }}
            {{- end }}
          {{- end }}
          {{- with .environment }}
          env:
            {{- include "pieces.environment" . | trim | nindent 12 }}
          {{- end }}
        {{- end }}
        {{- range $job.metadata.pod.initContainers }}
        - {{ toYaml . | indent 10 | trimPrefix (repeat 10 " ") }}
        {{- end }}
      {{- end }}
      {{- if $job.volumes }}
      volumes:
        {{- range $job.volumes }}
        - {{ toYaml . | indent 10 | trimPrefix (repeat 10 " ") }}
        {{- end }}
      {{- end }}
      containers:
        - name: rs-launcher-container
          image: {{ toYaml $job.container.image }}
          {{- if hasSuffix ":latest" $job.container.image }}
          imagePullPolicy: Always
          {{- else }}
          imagePullPolicy: IfNotPresent
          {{- end }}
          {{- $capabilities := dict }}
          {{- with $job.container.capabilitiesAdd }}
          {{- $_ := set $capabilities "add" . }}
          {{- end }}
          {{- with $job.container.capabilitiesDrop }}
          {{- $_ := set $capabilities "drop" . }}
          {{- end }}
          {{- if $capabilities }}
          securityContext:
            capabilities:
              {{- toYaml $capabilities | nindent 14 }}
          {{- end }}
          {{- $arguments := list }}
          {{- if $job.command }}
          command: ["/bin/sh"]
          {{- $line := list $job.command }}
          {{- range $job.args }}
          {{- $line = append $line (. | squote) }}
          {{- end }}
          {{- $arguments = list "-c" (join " " $line) }}
          {{- else }}
          command: [{{ toYaml $job.exe | squote }}]
          {{- $arguments = $job.args }}
          {{- end }}
          {{- if $arguments }}
          args:
            {{- range $arguments }}
            - {{ toYaml . | indent 12 | trimPrefix (repeat 12 " ") }}
            {{- end }}
          {{- end }}
          {{- if $job.workingDirectory }}
          workingDir: {{ toYaml $job.workingDirectory }}
          {{- end }}
          stdin: {{ if $job.stdin }}true{{ else }}false{{ end }}
          {{- if $job.stdin }}
          stdinOnce: true
          {{- end }}
          {{- $secrets := list }}
          {{- range $job.config }}
          {{- if eq .name "secret" }}
          {{- $parts := splitList ":" .value }}
          {{- if eq (len $parts) 3 }}
          {{- $secrets = append $secrets $parts }}
          {{- end }}
          {{- end }}
          {{- end }}
          {{- if or $job.environment $secrets }}
          env:
            {{- range $job.environment }}
            - name: {{ toYaml .name }}
              value: {{ toYaml .value | indent 14 | trimPrefix (repeat 14 " ") }}
            {{- end }}
            {{- range $secrets }}
            - name: {{ index . 2 | toYaml }}
              valueFrom:
                secretKeyRef:
                  name: {{ index . 0 | toYaml }}
                  key: {{ index . 1 | toYaml }}
            {{- end }}
          {{- end }}
          {{- if $job.exposedPorts }}
          ports:
            {{- range $i, $port := $job.exposedPorts }}
            - containerPort: {{ $port.targetPort }}
              name: {{ printf "port%d" $i }}
              protocol: {{ $port.protocol | default "TCP" | upper }}
              {{- if $port.publishedPort }}
              hostPort: {{ $port.publishedPort }}
              {{- end }}
            {{- end }}
          {{- end }}
          {{- if or $limits $requests }}
          resources:
            {{- with $limits }}
            limits:
              {{- range $key, $value := . }}
              {{ $key }}: {{ toYaml $value }}
              {{- end }}
            {{- end }}
            {{- with $requests }}
            requests:
              {{- range $key, $value := . }}
              {{ $key }}: {{ toYaml $value }}
              {{- end }}
            {{- end }}
          {{- end }}
          {{- if $job.volumeMounts }}
          volumeMounts:
            {{- range $job.volumeMounts }}
            - {{ toYaml . | indent 14 | trimPrefix (repeat 14 " ") }}
            {{- end }}
          {{- end }}
        {{- range $job.metadata.pod.sidecars }}
        - {{ toYaml . | indent 10 | trimPrefix (repeat 10 " ") }}
        {{- end }}

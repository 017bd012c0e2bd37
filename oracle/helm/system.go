package main

import (
	"os/exec"
	"os/user"
	"strings"
)

// ExecResult is what exec gives.
type ExecResult struct {
	ExitCode int
	Err      error
	Stdout   string
	Stderr   string
}

func (r ExecResult) String() string { return r.Stdout }

func runProgram(program string, arguments ...string) ExecResult {
	var stdout, stderr strings.Builder
	command := exec.Command(program, arguments...)
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	code := -1
	if command.ProcessState != nil {
		code = command.ProcessState.ExitCode()
	}
	return ExecResult{code, err, stdout.String(), stderr.String()}
}

func groups(name string) ([]string, error) {
	account, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	ids, err := account.GroupIds()
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		if group, err := user.LookupGroupId(id); err == nil {
			names = append(names, group.Name)
		} else {
			names = append(names, id)
		}
	}
	return names, nil
}

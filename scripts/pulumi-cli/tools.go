//go:build tools

// Package tools tells `go mod tidy` what go.mod and go.sum are for: building the Pulumi CLI.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"

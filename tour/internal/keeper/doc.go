//go:build !linux

// Package keeper is for Linux.
package keeper

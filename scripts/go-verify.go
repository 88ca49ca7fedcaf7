// The peer of `make bench`: Go's x509.Verify on the chains and meshes that ours is given. One JSON object a line.
// Usage: go-verify path|once ANCHORS.pem POOL.pem LEAF.pem
// `path` gives the median microseconds of CPU of a call, the collector's work included; `once` those of one call and what it says.
package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"runtime"
	"sort"
	"syscall"
)

const (
	batches = 41
	calls   = 50
)

func read(path string) (list []*x509.Certificate) {
	text, err := os.ReadFile(path)
	check(err)
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		one, err := x509.ParseCertificate(block.Bytes)
		check(err)
		list = append(list, one)
	}
	return
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Microseconds of CPU of this process.
func now() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Sec+usage.Stime.Sec)*1e6 + float64(usage.Utime.Usec+usage.Stime.Usec)
}

func pool(list []*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, one := range list {
		pool.AddCert(one)
	}
	return pool
}

func say(name string, micros float64, outcome string) {
	line, err := json.Marshal(map[string]any{"name": name, "micros": micros, "outcome": outcome})
	check(err)
	fmt.Println(string(line))
}

func measure(name string, call func()) {
	medians := make([]float64, batches)
	for batch := range medians {
		start := now()
		for i := 0; i < calls; i++ {
			call()
		}
		medians[batch] = (now() - start) / calls
	}
	sort.Float64s(medians)
	say(name, medians[batches/2], "accepted")
}

func main() {
	if len(os.Args) != 5 {
		os.Exit(64)
	}
	runtime.GOMAXPROCS(1)
	anchors, others, leaf := read(os.Args[2]), read(os.Args[3]), read(os.Args[4])[0]
	options := x509.VerifyOptions{
		Roots: pool(anchors), Intermediates: pool(others), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if os.Args[1] == "once" {
		start := now()
		_, err := leaf.Verify(options)
		outcome := "accepted"
		if err != nil {
			outcome = err.Error()
		}
		say("once", now()-start, outcome)
		return
	}
	measure("leaf parsed", func() {
		_, err := leaf.Verify(options)
		check(err)
	})
	measure("leaf's DER parsed", func() {
		each, err := x509.ParseCertificate(leaf.Raw)
		check(err)
		_, err = each.Verify(options)
		check(err)
	})
	measure("cold", func() {
		var parsed [3]*x509.Certificate
		for i, der := range [][]byte{anchors[0].Raw, others[0].Raw, leaf.Raw} {
			one, err := x509.ParseCertificate(der)
			check(err)
			parsed[i] = one
		}
		_, err := parsed[2].Verify(x509.VerifyOptions{
			Roots: pool(parsed[:1]), Intermediates: pool(parsed[1:2]), KeyUsages: options.KeyUsages,
		})
		check(err)
	})
}

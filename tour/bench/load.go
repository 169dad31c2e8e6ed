package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// patience is a safety net: nothing here takes as long.
const patience = time.Minute

// A load is what clients ask a server again and again, and what it has to
// answer.
type load struct {
	network, addr    string
	question, answer []byte
}

// upper is a load for the servers that answer in capitals: size bytes.
func upper(network, addr string, size int) load {
	question := bytes.Repeat([]byte("hello, "), size/7+1)[:size]
	return load{network, addr, question, bytes.ToUpper(question)}
}

// rate keeps n clients at it for d, each with one question on its way at a
// time, and returns how many answers came in a second.
func (l load) rate(ctx context.Context, n int, d time.Duration) (float64, error) {
	conns, err := l.connect(ctx, n)
	defer hangUp(conns)
	if err != nil {
		return 0, err
	}
	defer context.AfterFunc(ctx, func() { hangUp(conns) })()
	answers, failures := make([]int, n), make([]error, n)
	var clients sync.WaitGroup
	start := time.Now()
	for i, conn := range conns {
		clients.Go(func() { answers[i], failures[i] = l.ask(conn, start.Add(d)) })
	}
	clients.Wait()
	elapsed := time.Since(start)
	total := 0
	for _, n := range answers {
		total += n
	}
	return float64(total) / elapsed.Seconds(), errors.Join(failures...)
}

// connect returns n clients that have had an answer each: the server has
// accepted all of them.
func (l load) connect(ctx context.Context, n int) (conns []net.Conn, err error) {
	dialer := net.Dialer{Timeout: patience}
	for range n {
		conn, err := dialer.DialContext(ctx, l.network, l.addr)
		if err != nil {
			return conns, err
		}
		conns = append(conns, conn)
		conn.SetDeadline(time.Now().Add(patience))
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		_, err = l.ask(conn, time.Time{})
		if stop(); err != nil {
			return conns, err
		}
	}
	return conns, nil
}

// ask asks at least once, and until the time is over. It returns how many
// answers came.
func (l load) ask(conn net.Conn, until time.Time) (answers int, err error) {
	answer := make([]byte, len(l.answer))
	for {
		if _, err := conn.Write(l.question); err != nil {
			return answers, err
		}
		if _, err := io.ReadFull(conn, answer); err != nil {
			return answers, err
		}
		if !bytes.Equal(answer, l.answer) {
			return answers, fmt.Errorf("asked %q, got %q", l.question, answer)
		}
		answers++
		if !time.Now().Before(until) {
			return answers, nil
		}
	}
}

func hangUp(conns []net.Conn) {
	for _, conn := range conns {
		conn.Close()
	}
}

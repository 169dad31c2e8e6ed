package transfer

import (
	"crypto/md5"
	"encoding/hex"
)

// sendList answers with the names of all files.
func (s *Server) sendList(conn *limitedConn, client *clientJournal) error {
	content, err := list(s.Root)
	if err != nil {
		return s.refuse(conn, client, err)
	}
	return answer(conn, header{FileName: "list.json"}, content)
}

// refuse answers with the reason for which there is no file. It travels as a
// small file of its own, so that a client that knows nothing of errors stays in
// step: it saves error.txt and asks on.
func (s *Server) refuse(conn *limitedConn, client *clientJournal, err error) error {
	text := reason(err)
	client.show("refused: " + text)
	return answer(conn, header{FileName: "error.txt", Error: text}, []byte(text+"\n"))
}

// answer sends content that is in memory.
func answer(conn *limitedConn, h header, content []byte) error {
	sum := md5.Sum(content)
	h.MD5, h.FileSize = hex.EncodeToString(sum[:]), int64(len(content))
	if err := writeHeader(conn, h); err != nil {
		return err
	}
	_, err := conn.Write(content)
	return err
}
